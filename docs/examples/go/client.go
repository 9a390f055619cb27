// Package client is a client of PluralKit's API: your own one takes its place.
package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Client creates and reads members.
type Client struct {
	BaseURL string
	Token   string
}

// Member is what the API returns of a member, as far as this client needs it.
type Member struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// CreateMember creates a member of the client's system.
func (c Client) CreateMember(name string) (member Member, err error) {
	body, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return member, err
	}
	err = c.send("POST", "/members", body, &member)
	return member, err
}

// Member reads a member.
func (c Client) Member(ref string) (member Member, err error) {
	err = c.send("GET", "/members/"+ref, nil, &member)
	return member, err
}

func (c Client) send(method, path string, body []byte, into any) error {
	request, err := http.NewRequest(method, c.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", c.Token)
	request.Header.Set("User-Agent", "example (https://example.com)")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return json.NewDecoder(response.Body).Decode(into)
	case http.StatusTooManyRequests:
		var limit struct {
			RetryAfter int `json:"retry_after"`
		}
		if err := json.NewDecoder(response.Body).Decode(&limit); err != nil {
			return err
		}
		time.Sleep(time.Duration(limit.RetryAfter) * time.Millisecond)
		return c.send(method, path, body, into)
	default:
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
}
