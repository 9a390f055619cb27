package main

import (
	"errors"
	"os"

	"github.com/starshine-sys/pkgo/v2"
)

// Requests to the instance that limits rates.
var rateLimitSteps = []step{
	{"rate-limit-is-kept", func(_ *run) error {
		paced := pkgo.New(os.Getenv("PK_TOKEN")) // two requests a second, whatever the server says
		paced.BaseURL = os.Getenv("PK_LIMITED_URL")
		for range 5 {
			read, err := paced.Me()
			if err := first(err, equal(read.Name, "First")); err != nil {
				return err
			}
		}
		return nil
	}},
	{"rate-limit-exceeded", func(_ *run) error {
		hasty := caller(os.Getenv("PK_LIMITED_URL"), os.Getenv("PK_TOKEN"))
		var err error
		for number := 0; number < 60 && err == nil; number++ {
			_, err = hasty.Me()
		}
		var api *pkgo.PKAPIError
		timed := errors.As(err, &api) && api.RetryAfter != nil
		return first(rejected(err, 429, 0), equal(timed, true))
	}},
}
