//! Pulls, from a server and a package client that misbehave.
