// What the steps share: three callers, the ids of the sandbox, and what earlier steps made.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"

	"github.com/starshine-sys/pkgo/v2"
	"golang.org/x/time/rate"
)

// A step is one use of the client that looks at what came back.
type step struct {
	name string
	run  func(*run) error
}

// The line that is printed for a step.
type result struct {
	Step  string  `json:"step"`
	OK    bool    `json:"ok"`
	Error *string `json:"error"`
}

// A run of the driver: callers, ids, and what steps made for later ones.
type run struct {
	own, other, anonymous, wrong    *pkgo.Session
	account, guild                  pkgo.Snowflake
	message, original, deleted      pkgo.Snowflake
	image                           string
	system, otherSystem             pkgo.System
	member, second, hidden, foreign pkgo.Member
	group, dogs                     pkgo.Group
	pair, earlier, nobody           pkgo.Switch
}

const unknown = pkgo.Snowflake(1234567890123456789)

func newRun() *run {
	base := os.Getenv("PK_BASE_URL")
	return &run{
		own:       caller(base, os.Getenv("PK_TOKEN")),
		other:     caller(base, os.Getenv("PK_OTHER_TOKEN")),
		anonymous: caller(base, ""),
		wrong:     caller(base, "none"),
		account:   snowflake("PK_ACCOUNT"),
		guild:     snowflake("PK_GUILD"),
		message:   snowflake("PK_MESSAGE"),
		original:  snowflake("PK_ORIGINAL"),
		deleted:   snowflake("PK_DELETED_MESSAGE"),
		image:     os.Getenv("PK_IMAGE"),
	}
}

// The client's own limiter would take half a second for each request.
func caller(base, token string) *pkgo.Session {
	session := pkgo.NewWithLimiter(token, rate.NewLimiter(rate.Inf, 1))
	session.BaseURL = base
	return session
}

func snowflake(variable string) pkgo.Snowflake {
	id, err := pkgo.ParseSnowflake(os.Getenv(variable))
	if err != nil {
		panic(err)
	}
	return id
}

func (r *run) carryOut(steps []step) {
	for _, one := range steps {
		var failure *string
		if err := one.run(r); err != nil {
			failure = text(fmt.Sprintf("%T: %v", err, err))
		}
		printed, err := json.Marshal(result{one.name, failure == nil, failure})
		if err != nil {
			panic(err)
		}
		fmt.Println(string(printed))
	}
}

// equal compares what came back with what is expected: pairs of both.
func equal(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if !reflect.DeepEqual(pairs[i], pairs[i+1]) {
			return fmt.Errorf("expected %+v, got %+v", pairs[i+1], pairs[i])
		}
	}
	return nil
}

// rejected: the call must return the error of the API with this status and one of these codes.
func rejected(err error, status int, codes ...int) error {
	var api *pkgo.PKAPIError
	if !errors.As(err, &api) {
		return fmt.Errorf("expected an error of the API, got %v", err)
	}
	for _, code := range codes {
		if api.StatusCode == status && api.Code == code {
			return nil
		}
	}
	return fmt.Errorf("expected %d with code %v, got %d with code %d", status, codes, api.StatusCode, api.Code)
}

// first returns the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func text(value string) *string { return &value }

func members(list []pkgo.Member) []string {
	ids := []string{}
	for _, one := range list {
		ids = append(ids, one.ID)
	}
	sort.Strings(ids)
	return ids
}

func groups(list []pkgo.Group) []string {
	ids := []string{}
	for _, one := range list {
		ids = append(ids, one.ID)
	}
	sort.Strings(ids)
	return ids
}

func sorted(ids ...string) []string {
	sort.Strings(ids)
	return ids
}
