package main

import (
	"github.com/google/uuid"
	"github.com/starshine-sys/pkgo/v2"
)

// Groups, and memberships from both sides.
var groupSteps = []step{
	{"group-create", func(r *run) (err error) {
		r.group, err = r.own.CreateGroup(pkgo.CreateGroupData{Name: "Cats", Color: "778899"})
		return first(err, equal(r.group.Name, "Cats"))
	}},
	{"group-create-with-all-keys", func(r *run) (err error) {
		r.dogs, err = r.own.CreateGroup(pkgo.CreateGroupData{
			Name: "Dogs", DisplayName: "Dogs!", Description: "Loud.", Color: "445566",
			Icon: r.image, Banner: r.image,
		})
		read, readErr := r.own.Group(r.dogs.ID)
		return first(err, readErr, equal(
			read.Name, "Dogs", read.DisplayName, "Dogs!", read.Description, "Loud.",
			read.Color, pkgo.Color("445566"), read.Icon, r.image, read.Banner, r.image))
	}},
	{"group-by-uuid", func(r *run) error {
		read, err := r.own.GroupByUUID(r.group.UUID)
		return first(err, equal(read.Name, "Cats"))
	}},
	{"groups-of-own-system", func(r *run) error {
		read, err := r.own.Groups("@me")
		return first(err, equal(groups(read), sorted(r.group.ID, r.dogs.ID)))
	}},
	{"groups-of-other-system", func(r *run) error {
		read, err := r.own.Groups(r.otherSystem.ID)
		if err != nil || len(read) != 1 {
			return first(err, equal(len(read), 1))
		}
		return equal(read[0].Name, "Some", read[0].Privacy == nil, true)
	}},
	{"group-update", func(r *run) error {
		color := pkgo.Color("aabbcc")
		_, err := r.own.EditGroup(r.group.ID, pkgo.EditGroupData{
			Description: text("Quiet."), Color: &color,
		})
		read, readErr := r.own.Group(r.group.ID)
		return first(err, readErr, equal(
			read.Name, "Cats", read.Description, "Quiet.", read.Color, color))
	}},
	{"group-update-keeps-color", func(r *run) error {
		_, err := r.own.EditGroup(r.group.ID, pkgo.EditGroupData{Description: text("Quieter.")})
		read, readErr := r.own.Group(r.group.ID)
		return first(err, readErr, equal(
			read.Description, "Quieter.", read.Color, pkgo.Color("aabbcc")))
	}},
	{"group-clear", func(r *run) error {
		_, err := r.own.EditGroup(r.dogs.ID, pkgo.EditGroupData{
			DisplayName: text(""), Description: text(""), Icon: text(""), Banner: text(""),
		})
		read, readErr := r.own.Group(r.dogs.ID)
		return first(err, readErr, equal(
			read.DisplayName+read.Description+read.Icon+read.Banner+string(read.Color), ""))
	}},
	{"group-members-are-private", func(r *run) error {
		_, err := r.own.EditGroup(r.group.ID, pkgo.EditGroupData{
			Privacy: &pkgo.GroupPrivacy{ListPrivacy: "private"},
		})
		_, readErr := r.anonymous.GroupMembers(r.group.ID)
		_, openErr := r.own.EditGroup(r.group.ID, pkgo.EditGroupData{
			Privacy: &pkgo.GroupPrivacy{ListPrivacy: "public"},
		})
		return first(err, openErr, rejected(readErr, 403, pkgo.UnauthorizedGroupMemberList))
	}},
	{"group-not-found", func(r *run) error {
		_, err := r.own.Group("zzzzz")
		return rejected(err, 404, pkgo.GroupNotFound)
	}},
	{"group-members-add", func(r *run) error {
		err := r.own.AddGroupMembers(r.group.ID, []string{r.member.ID, r.second.ID})
		read, readErr := r.own.GroupMembers(r.group.ID)
		return first(err, readErr, equal(members(read), sorted(r.member.ID, r.second.ID)))
	}},
	{"groups-with-members", func(r *run) error {
		read, err := r.own.GroupsWithMembers("@me")
		if err != nil {
			return err
		}
		seen := map[uuid.UUID]bool{}
		for _, one := range read {
			for _, id := range one.Members {
				seen[id] = one.ID == r.group.ID
			}
		}
		return equal(seen, map[uuid.UUID]bool{r.member.UUID: true, r.second.UUID: true})
	}},
	{"group-members-remove", func(r *run) error {
		err := r.own.RemoveGroupMembers(r.group.ID, []string{r.second.ID})
		read, readErr := r.own.GroupMembers(r.group.ID)
		return first(err, readErr, equal(members(read), sorted(r.member.ID)))
	}},
	{"group-members-set", func(r *run) error {
		err := r.own.OverwriteGroupMembers(r.group.ID, []string{r.second.ID})
		read, readErr := r.own.GroupMembers(r.group.ID)
		return first(err, readErr, equal(members(read), sorted(r.second.ID)))
	}},
	{"group-members-set-to-none", func(r *run) error {
		err := r.own.OverwriteGroupMembers(r.group.ID, nil)
		read, readErr := r.own.GroupMembers(r.group.ID)
		return first(err, readErr, equal(len(read), 0))
	}},
	{"group-members-not-found", func(r *run) error {
		err := r.own.AddGroupMembers(r.group.ID, []string{r.hidden.ID})
		return rejected(err, 404, pkgo.MemberNotFoundWithRef)
	}},
	{"member-groups-add", func(r *run) error {
		err := r.own.AddMemberGroups(r.member.ID, []string{r.group.ID, r.dogs.ID})
		read, readErr := r.own.MemberGroups(r.member.ID)
		return first(err, readErr, equal(groups(read), sorted(r.group.ID, r.dogs.ID)))
	}},
	{"member-groups-remove", func(r *run) error {
		err := r.own.RemoveMemberGroups(r.member.ID, []string{r.dogs.ID})
		read, readErr := r.own.MemberGroups(r.member.ID)
		return first(err, readErr, equal(groups(read), sorted(r.group.ID)))
	}},
	{"member-groups-set", func(r *run) error {
		err := r.own.OverwriteMemberGroups(r.member.ID, []string{r.dogs.ID})
		read, readErr := r.own.MemberGroups(r.member.ID)
		return first(err, readErr, equal(groups(read), sorted(r.dogs.ID)))
	}},
	{"group-delete", func(r *run) error {
		err := r.own.DeleteGroup(r.dogs.ID)
		_, readErr := r.own.Group(r.dogs.ID)
		read, listErr := r.own.MemberGroups(r.member.ID)
		return first(err, rejected(readErr, 404, pkgo.GroupNotFound), listErr, equal(len(read), 0))
	}},
}
