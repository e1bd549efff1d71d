package io.provision.section;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What there is to say of a value that is written as one text. Its form is for the schema of the
 * inventory: a field {@code FORM} or {@code GRAMMAR} of its type, a pattern in the dialect that
 * Java and ECMA-262 share. Read only when the schema or a key is explained, as {@link Key} is.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Text {
  /** What kind of value it is, for whoever writes it; empty for the name of the type. */
  String kind() default "";

  /** A value as it is written. */
  String sample();
}
