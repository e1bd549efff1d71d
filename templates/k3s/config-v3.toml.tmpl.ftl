# Written by provision: this version of k3s imports no drop-ins by itself.
imports = ["${imports}"]
{{ template "base" . }}
