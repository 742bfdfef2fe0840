// Package kmeans places k centres among points.
package kmeans

import "math"

// Point is a position in metres.
type Point struct{ X, Y float64 }

// Nearest returns the index of the centre closest to p, or -1 when there is none.
func Nearest(p Point, centres []Point) int {
	best, at := math.Inf(1), -1
	for i, c := range centres {
		if d := math.Hypot(p.X-c.X, p.Y-c.Y); d < best {
			best, at = d, i
		}
	}
	return at
}
