package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"testing"
)

// Sandbox is a running sandbox; it has more ids, which `sandbox --json` shows.
type Sandbox struct {
	BaseURL    string `json:"base_url"`
	ControlURL string `json:"control_url"`
	Token      string `json:"token"`
	OtherToken string `json:"other_token"`
	SystemID   string `json:"system_id"`
	process    *exec.Cmd
}

// startSandbox starts one; it serves when this returns.
func startSandbox() (*Sandbox, error) {
	process := exec.Command("python", "-m", "conformance", "sandbox", "--port", "0", "--rate-limit", "off", "--json")
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	box := &Sandbox{process: process}
	if err := json.NewDecoder(output).Decode(box); err != nil {
		return nil, fmt.Errorf("the sandbox did not start: %w", err)
	}
	return box, nil
}

func (box *Sandbox) stop() {
	_ = box.process.Process.Kill() // its data is in memory alone
	_ = box.process.Wait()
}

// control sends to the control API, and reads the response into a value, if there is one.
func (box *Sandbox) control(t *testing.T, method, path string, body, into any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if body == nil {
		text = nil
	}
	request, err := http.NewRequest(method, box.ControlURL+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %s", method, path, response.Status)
	}
	if into != nil {
		if err := json.NewDecoder(response.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
}
