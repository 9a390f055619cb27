// Tests of a client against the sandbox: run `go test` here.

package client

import (
	"fmt"
	"os"
	"testing"
)

var box *Sandbox

func TestMain(m *testing.M) {
	var err error
	if box, err = startSandbox(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	box.stop()
	os.Exit(code)
}

// fresh returns the client, as the first system of a sandbox that is as at its start.
func fresh(t *testing.T) Client {
	box.control(t, "POST", "/reset", nil, nil)
	box.control(t, "DELETE", "/requests", nil, nil)
	return Client{box.BaseURL, box.Token}
}

func TestAMemberIsStored(t *testing.T) {
	client := fresh(t)
	created, err := client.CreateMember("Ann")
	if err != nil {
		t.Fatal(err)
	}
	if read, err := client.Member(created.ID); err != nil || read != created {
		t.Fatal(read, err)
	}
}

func TestItWaitsWhenThereAreTooManyRequests(t *testing.T) {
	client := fresh(t)
	created, err := client.CreateMember("Ann")
	if err != nil {
		t.Fatal(err)
	}
	failure := map[string]any{"failure": "429", "operation": "getMember", "retry_after": 50}
	box.control(t, "POST", "/failures", failure, nil)
	if read, err := client.Member(created.ID); err != nil || read.Name != "Ann" {
		t.Fatal(read, err)
	}
	var log struct {
		Requests []struct {
			Status    int    `json:"status"`
			UserAgent string `json:"user_agent"`
		} `json:"requests"`
	}
	box.control(t, "GET", "/requests", nil, &log)
	if len(log.Requests) != 3 || log.Requests[1].Status != 429 || log.Requests[2].UserAgent == "" {
		t.Fatal(log)
	}
}
