package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.demo.book.PlacedThing;

/**
 * A thing as found in a picture.
 *
 * @param thing what it is, and where: on the grid of cells
 * @param error the root mean square difference of its box from what the renderer draws, in levels
 *     of 0 to 255
 */
public record SeenThing(PlacedThing thing, double error) {}
