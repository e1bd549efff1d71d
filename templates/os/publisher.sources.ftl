# Written by provision; changes made here are undone.
Types: deb
URIs: ${uri}
Suites: /
Signed-By: ${keyring}
