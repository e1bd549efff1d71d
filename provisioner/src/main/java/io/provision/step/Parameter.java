package io.provision.step;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What {@code explain} says of a parameter of a step. Read by that alone, for an annotation that is
 * read costs a generated class at start-up.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Parameter {
  /** What it is for, a sentence. */
  String value();

  /** What holds where it is left out; empty where it cannot be, or then nothing does. */
  String usual() default "";

  /** A value as a playbook writes it. */
  String example();
}
