node-ip: ${host.address}
