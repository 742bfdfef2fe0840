from forecast import forecast

print(forecast(100, 5, 10))
