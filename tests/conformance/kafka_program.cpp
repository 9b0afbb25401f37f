#include "kafka_program.h"

#include <QDirIterator>
#include <QRegularExpression>

namespace streamscope::conformance {

QStringList javaArguments(const QString& mainClass, const QStringList& arguments, const QString& logLevel) {
  // A small heap, and a compiler that does not try hard: these programs live for seconds.
  return QStringList{"-Xmx256m",
                     "-XX:+UseSerialGC",
                     "-XX:TieredStopAtLevel=1",
                     "-Dfile.encoding=UTF-8",
                     "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + logLevel,
                     "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
                     "-cp",
                     STREAMSCOPE_KAFKA_JARS "/*:" STREAMSCOPE_KAFKA_DRIVER,
                     mainClass} +
         arguments;
}

ProcessOutcome runKafkaProgram(const QString& mainClass, const QStringList& arguments) {
  return runProcess("java", javaArguments(mainClass, arguments));
}

ProcessOutcome dumpLog(const QStringList& files, const QStringList& options) {
  return runProcess("java", javaArguments("org.apache.kafka.tools.DumpLogSegments",
                                          QStringList{"--files", files.join(',')} + options, "off"));
}

QString complaintIn(const ProcessOutcome& outcome) {
  static const QRegularExpression trouble(
      "mismatch|exception|corrupt|invalid bytes|skipping|isvalid: false|unable to|could not|error(?! ?code)",
      QRegularExpression::CaseInsensitiveOption);
  for (const QByteArray& said : {outcome.output, outcome.errors}) {
    const QString text = QString::fromUtf8(said);
    if (const auto match = trouble.match(text); match.hasMatch())
      return text.mid(text.lastIndexOf('\n', match.capturedStart()) + 1).section('\n', 0, 0);
  }
  return outcome.succeeded() ? QString() : QString("the tool ended with code %1").arg(outcome.exitCode);
}

QStringList filesUnder(const QString& directory, const QString& pattern) {
  QStringList files;
  QDirIterator iterator(directory, {pattern}, QDir::Files, QDirIterator::Subdirectories);
  while (iterator.hasNext()) files << iterator.next();
  files.sort();
  return files;
}

}  // namespace streamscope::conformance
