/**
 * Floor 51, a room of load. Playbooks and their parts, bound to the steps that the catalog gives.
 */
@NullMarked
package io.provision.load.playbook;

import org.jspecify.annotations.NullMarked;
