/**
 * Floor 5. YAML to inventory and playbooks: everything that is wrong with the input is said at
 * once, each with file, line and column, before any connection. Runs nothing and writes nothing.
 */
@NullMarked
package io.provision.load;

import org.jspecify.annotations.NullMarked;
