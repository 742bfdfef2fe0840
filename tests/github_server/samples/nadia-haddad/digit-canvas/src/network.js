export function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

export function dequantise(bytes, scale) {
  return Array.from(bytes, (byte) => (byte - 128) * scale);
}
