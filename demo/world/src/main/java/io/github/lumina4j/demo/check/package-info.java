/**
 * Checks of pictures of the demo world: {@link io.github.lumina4j.demo.check.SceneReader} tells
 * what a picture shows, and the checks compare that, or its maps, with what was asked for. {@link
 * io.github.lumina4j.demo.check.EvaluationSet} has the questions.
 */
package io.github.lumina4j.demo.check;
