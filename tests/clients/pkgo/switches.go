package main

import (
	"time"

	"github.com/google/uuid"
	"github.com/starshine-sys/pkgo/v2"
)

var (
	long          = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	unknownSwitch = uuid.MustParse("c0ffee00-0000-4000-8000-000000000000")
)

func switchIDs(list []pkgo.Switch) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, one := range list {
		ids = append(ids, one.ID)
	}
	return ids
}

// Switches and fronters. The client returns no switch that it registers: steps take it from the list.
var switchSteps = []step{
	{"fronters-before-any-switch", func(r *run) error {
		front, err := r.own.Fronters("@me")
		return first(err, equal(len(front.Members), 0))
	}},
	{"switch-create", func(r *run) error {
		err := r.own.RegisterSwitch(r.member.ID, r.second.ID)
		read, readErr := r.own.Switches("@me")
		if err != nil || readErr != nil || len(read) != 1 {
			return first(err, readErr, equal(len(read), 1))
		}
		r.pair = read[0]
		return equal(r.pair.Members, []string{r.member.ID, r.second.ID})
	}},
	{"fronters", func(r *run) error {
		front, err := r.own.Fronters("@me")
		return first(err, equal(front.ID, r.pair.ID, members(front.Members), sorted(r.member.ID, r.second.ID)))
	}},
	{"switch-create-earlier", func(r *run) error {
		err := r.own.RegisterSwitchWithTimestamp(long, r.member.ID)
		read, readErr := r.own.Switches("@me")
		if err != nil || readErr != nil || len(read) != 2 {
			return first(err, readErr, equal(len(read), 2))
		}
		r.earlier = read[1]
		return equal(r.earlier.Timestamp.Equal(long), true, r.earlier.Members, []string{r.member.ID})
	}},
	{"switch-create-without-members", func(r *run) error {
		err := r.own.RegisterSwitch()
		front, readErr := r.own.Fronters("@me")
		r.nobody = pkgo.Switch{ID: front.ID}
		return first(err, readErr, equal(len(front.Members), 0))
	}},
	{"switches-of-own-system", func(r *run) error {
		read, err := r.own.Switches("@me")
		return first(err, equal(switchIDs(read), []uuid.UUID{r.nobody.ID, r.pair.ID, r.earlier.ID}))
	}},
	{"switches-before", func(r *run) error {
		read, err := r.own.SwitchesBefore("@me", long.Add(time.Second), 10)
		return first(err, equal(switchIDs(read), []uuid.UUID{r.earlier.ID}))
	}},
	{"switches-limit", func(r *run) error {
		read, err := r.own.SwitchesBefore("@me", time.Now().Add(time.Hour), 1)
		return first(err, equal(switchIDs(read), []uuid.UUID{r.nobody.ID}))
	}},
	{"switches-of-other-system", func(r *run) error {
		read, err := r.own.Switches(r.otherSystem.ID)
		return first(err, equal(len(read), 100))
	}},
	{"switches-over-pages", func(r *run) error {
		read, err := r.own.SwitchesBefore(r.otherSystem.ID, time.Now(), 0)
		return first(err, equal(len(read), 120))
	}},
	{"switch-read", func(r *run) error {
		read, err := r.own.Switch("@me", r.pair.ID)
		return first(err, equal(members(read.Members), sorted(r.member.ID, r.second.ID)))
	}},
	{"switch-update-members", func(r *run) error {
		_, err := r.own.UpdateSwitchMembers(r.pair.ID, []string{r.second.ID})
		read, readErr := r.own.Switch("@me", r.pair.ID)
		return first(err, readErr, equal(members(read.Members), sorted(r.second.ID)))
	}},
	{"switch-update-timestamp", func(r *run) error {
		later := long.Add(time.Minute)
		_, err := r.own.UpdateSwitchTimestamp(r.earlier.ID, later)
		read, readErr := r.own.Switch("@me", r.earlier.ID)
		return first(err, readErr, equal(read.Timestamp.Equal(later), true))
	}},
	{"switch-same-members", func(r *run) error {
		return rejected(r.own.RegisterSwitch(), 400, pkgo.SameSwitchMembers)
	}},
	{"switch-same-timestamp", func(r *run) error {
		err := r.own.RegisterSwitchWithTimestamp(long, r.second.ID)
		return rejected(err, 400, pkgo.SameSwitchTimestamp)
	}},
	{"switch-not-found", func(r *run) error {
		_, err := r.own.Switch("@me", unknownSwitch)
		return rejected(err, 404, pkgo.SwitchNotFound, pkgo.SwitchNotFoundPublic)
	}},
	{"switch-delete", func(r *run) error {
		err := r.own.DeleteSwitch(r.nobody.ID)
		_, readErr := r.own.Switch("@me", r.nobody.ID)
		return first(err, rejected(readErr, 404, pkgo.SwitchNotFound, pkgo.SwitchNotFoundPublic))
	}},
	{"fronters-are-private", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{
			Privacy: &pkgo.SystemPrivacy{FrontPrivacy: "private", FrontHistoryPrivacy: "private"},
		})
		_, frontErr := r.anonymous.Fronters(r.system.ID)
		_, listErr := r.anonymous.Switches(r.system.ID)
		return first(err, rejected(frontErr, 403, pkgo.UnauthorizedCurrentFronters),
			rejected(listErr, 403, pkgo.UnauthorizedFrontHistory))
	}},
}
