module github.com/oskar-lindqvist/kmeans-go

go 1.23
