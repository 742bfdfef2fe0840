"""The forecast as the crew's tablet asks for it."""

import joblib
from fastapi import FastAPI, HTTPException

app = FastAPI(title="Bike demand")


class BadRequest(ValueError):
    """The question cannot be answered; the message says why."""


def validated(payload: dict) -> tuple[str, int]:
    """Station and hour of a request; raises BadRequest."""
    station, hour = payload.get("station"), payload.get("hour")
    if not isinstance(station, str) or not station.strip():
        raise BadRequest("station must be a name")
    if not isinstance(hour, int) or not 0 <= hour < 24:
        raise BadRequest("hour must be between 0 and 23")
    return station.strip(), hour


@app.post("/forecast")
def forecast(payload: dict) -> dict:
    try:
        station, hour = validated(payload)
    except BadRequest as error:
        raise HTTPException(422, str(error)) from error
    model = joblib.load("reports/boosting.joblib")
    return {"station": station, "hour": hour, "bikes": float(model.predict([[station, hour]])[0])}
