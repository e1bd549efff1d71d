/** Floor 0. Values that are valid by construction; imports nothing but the JDK and JSpecify. */
@NullMarked
package io.provision.model;

import org.jspecify.annotations.NullMarked;
