/** Floor 4. The steps, one record a file, and the catalog that names them. */
@NullMarked
package io.provision.steps;

import org.jspecify.annotations.NullMarked;
