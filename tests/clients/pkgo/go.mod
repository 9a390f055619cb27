module pluralkit-client-pkgo

go 1.22

require (
	github.com/google/uuid v1.3.0
	github.com/starshine-sys/pkgo/v2 v2.1.0
	golang.org/x/time v0.0.0-20210611083556-38a9dc6acbc6
)

require (
	emperror.dev/errors v0.8.0 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	go.uber.org/atomic v1.7.0 // indirect
	go.uber.org/multierr v1.6.0 // indirect
)
