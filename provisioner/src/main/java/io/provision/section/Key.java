package io.provision.section;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key of the inventory is for: editors show it, {@code inventories/schema.json} has it, and
 * {@code explain}. Nothing else reads it, for an annotation that is read costs a generated class at
 * start-up.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {
  String value();

  /** What holds where it is left out; empty where nothing does, or it cannot be. */
  String usual() default "";

  /** A value as it is written, where the type alone gives none that is right. */
  String example() default "";
}
