package main

import (
	"strings"
	"time"

	"github.com/starshine-sys/pkgo/v2"
)

// Members, and their settings in a guild.
var memberSteps = []step{
	{"member-create", func(r *run) (err error) {
		r.member, err = r.own.CreateMember(pkgo.CreateMemberData{Name: "Robin"})
		return first(err, equal(r.member.Name, "Robin"))
	}},
	{"member-create-with-all-keys", func(r *run) (err error) {
		birthday, err := pkgo.ParseBirthday("2001-02-03")
		if err != nil {
			return err
		}
		tags := []pkgo.ProxyTag{{Prefix: "s:"}, {Suffix: "-s"}}
		r.second, err = r.own.CreateMember(pkgo.CreateMemberData{
			Name: "Sam", DisplayName: "Sam 🐦", Pronouns: "she/her", Description: "Likes maps.",
			Color: "112233", Birthday: birthday, AvatarURL: r.image, Banner: r.image,
			ProxyTags: tags, KeepProxy: true,
		})
		read, readErr := r.own.Member(r.second.ID)
		return first(err, readErr, equal(
			read.Name, "Sam", read.DisplayName, "Sam 🐦", read.Pronouns, "she/her",
			read.Description, "Likes maps.", read.Color, pkgo.Color("112233"),
			read.Birthday.Time().Format("2006-01-02"), "2001-02-03",
			read.AvatarURL, r.image, read.Banner, r.image, read.ProxyTags, tags, read.KeepProxy, true))
	}},
	{"member-create-private", func(r *run) (err error) {
		r.hidden, err = r.own.CreateMember(pkgo.CreateMemberData{
			Name: "Kit", Privacy: &pkgo.MemberPrivacy{Visibility: "private"},
		})
		return first(err, equal(r.hidden.Privacy.Visibility, pkgo.Privacy("private")))
	}},
	{"member-by-short-id", func(r *run) error {
		read, err := r.own.Member(r.member.ID)
		return first(err, equal(read.Name, "Robin"))
	}},
	{"member-by-uuid", func(r *run) error {
		read, err := r.own.MemberByUUID(r.member.UUID)
		return first(err, equal(read.Name, "Robin"))
	}},
	{"member-by-upper-case-id", func(r *run) error {
		read, err := r.own.Member(strings.ToUpper(r.member.ID))
		return first(err, equal(read.Name, "Robin"))
	}},
	{"member-created-is-now", func(r *run) error {
		read, err := r.own.Member(r.member.ID)
		return first(err, equal(time.Since(read.Created).Abs() < 5*time.Minute, true))
	}},
	{"member-color-is-valid", func(r *run) error {
		read, err := r.own.Member(r.second.ID)
		return first(err, equal(read.Color.IsValid(), true))
	}},
	{"members-of-own-system", func(r *run) error {
		read, err := r.own.Members("@me")
		return first(err, equal(members(read), sorted(r.member.ID, r.second.ID, r.hidden.ID)))
	}},
	{"members-of-own-system-for-others", func(r *run) error {
		read, err := r.anonymous.Members(r.system.ID)
		return first(err, equal(members(read), sorted(r.member.ID, r.second.ID)))
	}},
	{"members-of-other-system", func(r *run) error {
		read, err := r.own.Members(r.otherSystem.ID)
		if err != nil || len(read) != 1 {
			return first(err, equal(len(read), 1))
		}
		r.foreign = read[0]
		return equal(r.foreign.Privacy == nil, true, r.foreign.Description, "")
	}},
	{"member-update", func(r *run) error {
		_, err := r.own.EditMember(r.member.ID, pkgo.EditMemberData{
			Name: text("Robyn"), Pronouns: text("she/they"),
		})
		read, readErr := r.own.Member(r.member.ID)
		return first(err, readErr, equal(read.Name, "Robyn", read.Pronouns, "she/they"))
	}},
	{"member-update-without-name", func(r *run) error {
		_, err := r.own.EditMember(r.member.ID, pkgo.EditMemberData{Description: text("Quiet.")})
		read, readErr := r.own.Member(r.member.ID)
		return first(err, readErr, equal(read.Name, "Robyn", read.Description, "Quiet."))
	}},
	{"member-update-proxy-tags", func(r *run) error {
		tags := []pkgo.ProxyTag{{Prefix: "n:"}}
		updated, err := r.own.EditMember(r.second.ID, pkgo.EditMemberData{ProxyTags: tags})
		return first(err, equal(updated.ProxyTags, tags))
	}},
	{"member-update-keep-proxy", func(r *run) error {
		updated, err := r.own.EditMember(r.second.ID, pkgo.EditMemberData{
			Name: text("Sam"), KeepProxy: false,
		})
		return first(err, equal(updated.KeepProxy, false))
	}},
	{"member-clear", func(r *run) error {
		none := pkgo.Color("")
		_, err := r.own.EditMember(r.second.ID, pkgo.EditMemberData{
			DisplayName: text(""), Pronouns: text(""), Description: text(""), Color: &none,
			AvatarURL: text(""), Banner: text(""), Birthday: &pkgo.Birthday{},
		})
		read, readErr := r.own.Member(r.second.ID)
		return first(err, readErr, equal(
			read.DisplayName+read.Pronouns+read.Description+read.AvatarURL+read.Banner, "",
			read.Color, none, read.Birthday.Time().IsZero(), true))
	}},
	{"member-clear-proxy-tags", func(r *run) error {
		updated, err := r.own.EditMember(r.second.ID, pkgo.EditMemberData{
			Name: text("Sam"), ProxyTags: []pkgo.ProxyTag{},
		})
		return first(err, equal(len(updated.ProxyTags), 0))
	}},
	{"member-update-privacy", func(r *run) error {
		_, err := r.own.EditMember(r.member.ID, pkgo.EditMemberData{
			Privacy: &pkgo.MemberPrivacy{DescriptionPrivacy: "private"},
		})
		seen, seenErr := r.anonymous.Member(r.member.ID)
		read, readErr := r.own.Member(r.member.ID)
		return first(err, seenErr, readErr, equal(seen.Description, "", read.Description, "Quiet."))
	}},
	{"member-not-found", func(r *run) error {
		_, err := r.own.Member("zzzzz")
		return rejected(err, 404, pkgo.MemberNotFound)
	}},
	{"member-name-too-long", func(r *run) error {
		_, err := r.own.CreateMember(pkgo.CreateMemberData{Name: strings.Repeat("x", 101)})
		return rejected(err, 400, 40001)
	}},
	{"member-update-of-other-system", func(r *run) error {
		_, err := r.own.EditMember(r.foreign.ID, pkgo.EditMemberData{Name: text("Mine")})
		return rejected(err, 403, pkgo.NotOwnMember)
	}},
	{"member-update-without-token", func(r *run) error {
		_, err := r.anonymous.EditMember(r.member.ID, pkgo.EditMemberData{Name: text("No")})
		return rejected(err, 401, 0)
	}},
	{"member-create-without-token", func(r *run) error {
		_, err := r.anonymous.CreateMember(pkgo.CreateMemberData{Name: "No"})
		return rejected(err, 401, 0)
	}},
	{"member-guild-read", func(r *run) error {
		read, err := r.own.MemberGuild(r.member.ID, r.guild)
		return first(err, equal(read.DisplayName, "", read.AvatarURL, ""))
	}},
	{"member-guild-update", func(r *run) error {
		_, err := r.own.EditMemberGuild(r.member.ID, r.guild, pkgo.EditMemberGuildData{
			DisplayName: text("R."), AvatarURL: &r.image,
		})
		read, readErr := r.own.MemberGuild(r.member.ID, r.guild)
		return first(err, readErr, equal(read.DisplayName, "R.", read.AvatarURL, r.image))
	}},
	{"member-guild-clear", func(r *run) error {
		_, err := r.own.EditMemberGuild(r.member.ID, r.guild, pkgo.EditMemberGuildData{
			DisplayName: text(""), AvatarURL: text(""),
		})
		read, readErr := r.own.MemberGuild(r.member.ID, r.guild)
		return first(err, readErr, equal(read.DisplayName, "", read.AvatarURL, ""))
	}},
	{"member-guild-not-found", func(r *run) error {
		_, err := r.own.MemberGuild(r.member.ID, unknown)
		return rejected(err, 404, pkgo.MemberGuildNotFound)
	}},
	{"autoproxy-member", func(r *run) error {
		mode, off := pkgo.AutoproxyModeMember, pkgo.AutoproxyModeOff
		_, err := r.own.EditGuildAutoproxy(r.guild, pkgo.EditAutoproxyData{
			Mode: &mode, Member: &r.member.ID,
		})
		read, readErr := r.own.GuildAutoproxy(r.guild)
		_, offErr := r.own.EditGuildAutoproxy(r.guild, pkgo.EditAutoproxyData{Mode: &off})
		return first(err, readErr, offErr, equal(read.Mode, mode, read.Member, r.member.ID))
	}},
	{"member-delete", func(r *run) error {
		err := r.own.DeleteMember(r.hidden.ID)
		_, readErr := r.own.Member(r.hidden.ID)
		return first(err, rejected(readErr, 404, pkgo.MemberNotFound))
	}},
	{"member-delete-of-other-system", func(r *run) error {
		return rejected(r.own.DeleteMember(r.foreign.ID), 403, pkgo.NotOwnMember)
	}},
}
