version = 2
root = "/var/lib/${host.name}"
