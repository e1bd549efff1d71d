/** Floor 6, a room of cli. What a rotation tells whoever did not watch it: host by host. */
@NullMarked
package io.provision.cli.rotation.report;

import org.jspecify.annotations.NullMarked;
