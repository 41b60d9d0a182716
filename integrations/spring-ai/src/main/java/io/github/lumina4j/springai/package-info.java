/** lumina4j as an image model of Spring AI, and its auto-configuration for Spring Boot. */
package io.github.lumina4j.springai;
