/**
 * Floor 2. A template and a model give {@link io.provision.model.Content}, which is sensitive if
 * the model holds a secret. The only package that knows FreeMarker. Never imports remote or kube.
 */
@NullMarked
package io.provision.render;

import org.jspecify.annotations.NullMarked;
