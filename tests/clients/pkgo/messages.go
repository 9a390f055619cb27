package main

import "github.com/starshine-sys/pkgo/v2"

// Proxied messages.
var messageSteps = []step{
	{"message-read", func(r *run) error {
		read, err := r.own.Message(r.message)
		if err != nil || read.System == nil {
			return first(err, equal(read.System == nil, false))
		}
		return equal(read.ID, r.message, read.Original, r.original, read.System.ID, r.otherSystem.ID)
	}},
	{"message-names-its-member", func(r *run) error {
		read, err := r.own.Message(r.message)
		if err != nil || read.Member == nil {
			return first(err, equal(read.Member == nil, false))
		}
		return equal(read.Member.ID, r.foreign.ID)
	}},
	{"message-by-original", func(r *run) error {
		read, err := r.own.Message(r.original)
		return first(err, equal(read.ID, r.message))
	}},
	{"message-of-deleted-member", func(r *run) error {
		read, err := r.own.Message(r.deleted)
		return first(err, equal(read.ID, r.deleted, read.System == nil, true, read.Member == nil, true))
	}},
	{"message-not-found", func(r *run) error {
		_, err := r.own.Message(unknown)
		return rejected(err, 404, pkgo.MessageNotFound)
	}},
}
