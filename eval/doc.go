// Package eval measures how well an engine tells attacks from legitimate requests.
//
//  1. [Read] takes samples from files and folders: labelled JSON lines, raw HTTP
//     requests, access logs, HAR archives.
//  2. [Judge] shows each sample to an [Engine] on several workers and keeps an
//     [Outcome] a sample; [Measure] then times a part of them on one worker.
//  3. [Summarize] groups the outcomes of one engine or more by file, class or place
//     and counts: attacks found, legitimate requests flagged, with the 95 % interval
//     of Wilson and, for attacks, the rate over distinct shapes.
//  4. [Report.WriteTable], [WriteCSV] and the JSON form of a [Report] show it.
//
// The package imports nothing of weir: the command hands it weir's filter as an
// engine, tools/compare hands it others, and all are measured alike.
package eval
