/**
 * Floor 5, a room of load. Text of YAML to nodes with their positions, and the problems that are
 * found on the way.
 */
@NullMarked
package io.provision.load.yaml;

import org.jspecify.annotations.NullMarked;
