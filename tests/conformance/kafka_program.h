#pragma once

#include <QString>
#include <QStringList>

#include "running_process.h"

namespace streamscope::conformance {

/// How a class of Kafka's jars, or of kafka/driver, is run: the arguments of `java`. `logLevel` is slf4j's.
QStringList javaArguments(const QString& mainClass, const QStringList& arguments, const QString& logLevel = "error");

/// Runs it to its end.
ProcessOutcome runKafkaProgram(const QString& mainClass, const QStringList& arguments);

/// Kafka's dump-log over some files.
ProcessOutcome dumpLog(const QStringList& files, const QStringList& options);

/// The first line in which dump-log says that something is wrong; empty when nothing is. It ends with 0 even then.
QString complaintIn(const ProcessOutcome& outcome);

/// Files under a directory whose names fit, in the order of their paths.
QStringList filesUnder(const QString& directory, const QString& pattern);

}  // namespace streamscope::conformance
