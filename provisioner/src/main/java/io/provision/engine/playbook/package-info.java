/** Floor 40, a room of engine. What a run is given: a playbook of plays, each with its steps. */
@NullMarked
package io.provision.engine.playbook;

import org.jspecify.annotations.NullMarked;
