import { describe, expect, it } from "vitest";
import { dequantise, softmax } from "./network.js";

describe("softmax", () => {
  it("adds up to one", () => {
    expect(softmax([1, 2, 3]).reduce((a, b) => a + b)).toBeCloseTo(1);
  });

  it("survives large scores", () => {
    expect(softmax([1000, 1000])).toEqual([0.5, 0.5]);
  });
});

it("reads 128 as zero", () => {
  expect(dequantise(Uint8Array.of(128, 129), 0.5)).toEqual([0, 0.5]);
});
