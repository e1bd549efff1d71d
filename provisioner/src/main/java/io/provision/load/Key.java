package io.provision.load;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a key of the inventory is for: editors show it, {@code inventories/schema.json} has it. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
@interface Key {
  String value();

  /** A problem where it is missing, also for an Optional component. */
  boolean required() default false;

  /** For whole numbers. */
  int min() default Integer.MIN_VALUE;

  /** For whole numbers. */
  int max() default Integer.MAX_VALUE;
}
