/**
 * Floor 51, a room of local: power of hosts by what the operator's machine reaches, IPMI, Redfish,
 * libvirt and programs of the operator's own.
 */
@NullMarked
package io.provision.local.power;

import org.jspecify.annotations.NullMarked;
