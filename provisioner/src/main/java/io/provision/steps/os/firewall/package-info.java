/** What is open in the firewall of a host, of what is asked for by roles and areas. */
@NullMarked
package io.provision.steps.os.firewall;

import org.jspecify.annotations.NullMarked;
