package dev.anystore.testkit;

/**
 * What a server does otherwise than the contract says, and why that is the server's own affair. The contract then asserts that
 * the row does <em>not</em> hold: a defect that was mended shows itself, and nothing is skipped in silence.
 *
 * @param row the name of a sentence ({@code aListingIsInTheOrderOfUtf8}), or of one row of it ({@code
 *     anOddKeyIsKeptOrRefused[double slash]})
 * @param reason one sentence for the reader of the report
 */
public record Deviation(String row, String reason) {}
