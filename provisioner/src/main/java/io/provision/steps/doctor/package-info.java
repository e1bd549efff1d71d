/** What a doctor looks at on hosts, by themselves and between them. */
@NullMarked
package io.provision.steps.doctor;

import org.jspecify.annotations.NullMarked;
