package main

import (
	"errors"

	"github.com/starshine-sys/pkgo/v2"
)

// Systems, their settings, settings in a guild, and autoproxy.
var systemSteps = []step{
	{"system-own", func(r *run) (err error) {
		r.system, err = r.own.Me()
		return first(err, equal(r.system.Name, "First"))
	}},
	{"system-other", func(r *run) (err error) {
		r.otherSystem, err = r.other.Me()
		return first(err, equal(r.otherSystem.Name, "Second"))
	}},
	{"system-by-short-id", func(r *run) error {
		read, err := r.anonymous.System(r.system.ID)
		return first(err, equal(read.UUID, r.system.UUID))
	}},
	{"system-by-uuid", func(r *run) error {
		read, err := r.anonymous.SystemByUUID(r.system.UUID)
		return first(err, equal(read.ID, r.system.ID))
	}},
	{"system-by-account", func(r *run) error {
		read, err := r.anonymous.Account(r.account)
		return first(err, equal(read.ID, r.system.ID))
	}},
	{"system-hides-from-others", func(r *run) error {
		read, err := r.own.System(r.otherSystem.ID)
		return first(err, equal(read.Description, "", read.Privacy == nil, true))
	}},
	{"system-update", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{
			Name: text("Renamed"), Description: text("Of the driver."), Tag: text("| drv"),
		})
		read, readErr := r.own.Me()
		return first(err, readErr, equal(
			read.Name, "Renamed", read.Description, "Of the driver.", read.Tag, "| drv"))
	}},
	{"system-update-color", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{Color: text("ff8800")})
		read, readErr := r.own.Me()
		return first(err, readErr, equal(read.Color, "ff8800", read.Name, "Renamed"))
	}},
	{"system-update-images", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{AvatarURL: &r.image, Banner: &r.image})
		read, readErr := r.anonymous.System(r.system.ID)
		return first(err, readErr, equal(read.AvatarURL, r.image, read.Banner, r.image))
	}},
	{"system-update-privacy", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{
			Privacy: &pkgo.SystemPrivacy{DescriptionPrivacy: "private"},
		})
		seen, seenErr := r.anonymous.System(r.system.ID)
		read, readErr := r.own.Me()
		return first(err, seenErr, readErr, equal(
			seen.Description, "", read.Description, "Of the driver.",
			read.Privacy.DescriptionPrivacy, pkgo.Privacy("private")))
	}},
	{"system-clear", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{
			Name: text("First"), Description: text(""), Tag: text(""), Color: text(""),
			AvatarURL: text(""), Banner: text(""),
		})
		read, readErr := r.own.Me()
		return first(err, readErr, equal(
			read.Name, "First", read.Description+read.Tag+read.Color+read.AvatarURL+read.Banner, ""))
	}},
	{"system-not-found", func(r *run) error {
		_, err := r.own.System("zzzzz")
		return rejected(err, 404, pkgo.SystemNotFound)
	}},
	{"system-without-token", func(r *run) error {
		_, err := r.anonymous.Me()
		return equal(errors.Is(err, pkgo.ErrNoToken), true)
	}},
	{"system-update-without-token", func(r *run) error {
		_, err := r.anonymous.EditSystem(pkgo.EditSystemData{Name: text("No")})
		return rejected(err, 401, 0)
	}},
	{"system-update-with-wrong-token", func(r *run) error {
		_, err := r.wrong.EditSystem(pkgo.EditSystemData{Name: text("No")})
		return rejected(err, 401, 0)
	}},
	{"system-update-invalid", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{AvatarURL: text("none")})
		var api *pkgo.PKAPIError
		listed := errors.As(err, &api) && len(api.Errors["avatar_url"]) == 1
		return first(rejected(err, 400, 40001), equal(listed, true))
	}},
	{"system-update-invalid-color", func(r *run) error {
		_, err := r.own.EditSystem(pkgo.EditSystemData{Color: text("nocolor")})
		return rejected(err, 400, 40001)
	}},
	{"settings-read", func(r *run) error {
		read, err := r.own.SystemSettings()
		return first(err, equal(
			read.Timezone, "UTC", read.LatchTimeout, 0, read.PingsEnabled, true,
			read.MemberLimit > 0, true))
	}},
	{"settings-update", func(r *run) error {
		yes, no := true, false
		minutes := 90
		_, err := r.own.UpdateSystemSettings(pkgo.UpdateSystemSettingsData{
			Timezone: text("Europe/Berlin"), PingsEnabled: &no, LatchTimeout: &minutes,
			MemberDefaultPrivate: &no, GroupDefaultPrivate: &no, ShowPrivateInfo: &yes,
		})
		read, readErr := r.own.SystemSettings()
		return first(err, readErr, equal(
			read.Timezone, "Europe/Berlin", read.LatchTimeout, 90, read.PingsEnabled, false))
	}},
	{"settings-update-show-private-info", func(r *run) error {
		yes, no := true, false
		updated, err := r.own.UpdateSystemSettings(pkgo.UpdateSystemSettingsData{
			Timezone: text("UTC"), PingsEnabled: &yes,
			MemberDefaultPrivate: &no, GroupDefaultPrivate: &no, ShowPrivateInfo: &no,
		})
		return first(err, equal(updated.ShowPrivateInfo, false))
	}},
	{"settings-update-one-key", func(r *run) error {
		_, err := r.own.UpdateSystemSettings(pkgo.UpdateSystemSettingsData{Timezone: text("Asia/Tokyo")})
		read, readErr := r.own.SystemSettings()
		return first(err, readErr, equal(read.Timezone, "Asia/Tokyo"))
	}},
	{"system-guild-read", func(r *run) error {
		read, err := r.own.SystemGuild(r.guild)
		return first(err, equal(read.ProxyingEnabled, true, read.Tag, ""))
	}},
	{"system-guild-update", func(r *run) error {
		yes, no := true, false
		_, err := r.own.EditSystemGuild(r.guild, pkgo.EditSystemGuildData{
			ProxyingEnabled: &yes, Tag: text("(g)"), TagEnabled: &no,
		})
		read, readErr := r.own.SystemGuild(r.guild)
		return first(err, readErr, equal(
			read.Tag, "(g)", read.TagEnabled, false, read.ProxyingEnabled, true))
	}},
	{"system-guild-update-one-key", func(r *run) error {
		_, err := r.own.EditSystemGuild(r.guild, pkgo.EditSystemGuildData{Tag: text("(h)")})
		read, readErr := r.own.SystemGuild(r.guild)
		return first(err, readErr, equal(read.Tag, "(h)"))
	}},
	{"system-guild-clear", func(r *run) error {
		yes := true
		_, err := r.own.EditSystemGuild(r.guild, pkgo.EditSystemGuildData{
			ProxyingEnabled: &yes, Tag: text(""), TagEnabled: &yes,
		})
		read, readErr := r.own.SystemGuild(r.guild)
		return first(err, readErr, equal(read.Tag, "", read.TagEnabled, true))
	}},
	{"system-guild-not-found", func(r *run) error {
		_, err := r.own.SystemGuild(unknown)
		return rejected(err, 404, pkgo.SystemGuildNotFound)
	}},
	{"autoproxy-read", func(r *run) error {
		read, err := r.own.GuildAutoproxy(r.guild)
		return first(err, equal(read.Mode, pkgo.AutoproxyModeOff, read.Member, ""))
	}},
	{"autoproxy-front", func(r *run) error {
		mode := pkgo.AutoproxyModeFront
		_, err := r.own.EditGuildAutoproxy(r.guild, pkgo.EditAutoproxyData{Mode: &mode})
		read, readErr := r.own.GuildAutoproxy(r.guild)
		return first(err, readErr, equal(read.Mode, mode))
	}},
	{"autoproxy-off", func(r *run) error {
		mode := pkgo.AutoproxyModeOff
		updated, err := r.own.EditGuildAutoproxy(r.guild, pkgo.EditAutoproxyData{Mode: &mode})
		return first(err, equal(updated.Mode, mode))
	}},
}
