package kmeans

import "testing"

func TestNearestPicksTheClosestCentre(t *testing.T) {
	centres := []Point{{0, 0}, {10, 0}}
	if got := Nearest(Point{7, 1}, centres); got != 1 {
		t.Errorf("Nearest = %d, want 1", got)
	}
}

func TestNearestOfNoCentres(t *testing.T) {
	if got := Nearest(Point{1, 1}, nil); got != -1 {
		t.Fatalf("Nearest = %d, want -1", got)
	}
}
