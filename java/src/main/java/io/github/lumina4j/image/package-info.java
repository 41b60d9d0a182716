/**
 * Pictures: reading and writing files, resampling and cropping as the model was trained, panels.
 * Nothing here knows the model; everything works on {@link io.github.lumina4j.RgbImage}.
 */
package io.github.lumina4j.image;
