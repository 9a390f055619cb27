"""Ids, and how a path names an entity by them (docs: models#notes-on-ids)."""
