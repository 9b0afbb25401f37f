#include <QFileInfo>
#include <memory>

#include "command_line.h"
#include "engine_input.h"
#include "inspect/inspection.h"
#include "inspect/json_inspection.h"
#include "inspect/text_inspection.h"
#include "subcommands.h"

namespace streamscope::app {
namespace {

struct DecoderOption {
  const char* name;
  protocol::InternalTopic topic;
};

constexpr DecoderOption kDecoderOptions[] = {
    {"cluster-metadata-decoder", protocol::InternalTopic::ClusterMetadata},
    {"offsets-decoder", protocol::InternalTopic::ConsumerOffsets},
    {"transaction-log-decoder", protocol::InternalTopic::TransactionState},
    {"share-group-state-decoder", protocol::InternalTopic::ShareGroupState},
};

void declareOptions(CommandLine& commandLine) {
  commandLine.addArgument("PATH", "a segment, index, checkpoint or snapshot, or a directory of them", true);
  commandLine.addOption("json", "", "as JSON (app/inspect/README.md describes it)");
  commandLine.addOption("summary", "", "what the files are and what is wrong with them, without their contents");
  commandLine.addOption("no-records", "", "batches without the records in them");
  commandLine.addOption("skip-record-metadata", "", "records without offset, time, sequence and headers");
  commandLine.addOption("fields", "", "with --json: the byte range of every field of batches and records");
  commandLine.addOption("max-bytes", "N", "only batches that begin in a segment's first N bytes");
  commandLine.addOption("verify-index-only", "", "indexes are checked, their entries are not shown");
  commandLine.addOption("index-sanity-check", "", "the same");
  for (const DecoderOption& option : kDecoderOptions) {
    const QString topic = QString::fromStdString(std::string(protocol::nameOf(option.topic)));
    commandLine.addOption(option.name, "", "decode records as those of " + topic);
  }
  commandLine.addOption("raw", "", "do not decode records of internal topics");
}

std::optional<InspectOptions> readOptions(const CommandLine& commandLine) {
  InspectOptions options;
  options.withContents = !commandLine.isSet("summary");
  options.withRecords = !commandLine.isSet("no-records");
  options.withRecordMetadata = !commandLine.isSet("skip-record-metadata");
  options.withFields = commandLine.isSet("fields");
  options.withIndexEntries = !commandLine.isSet("verify-index-only") && !commandLine.isSet("index-sanity-check");
  options.isRaw = commandLine.isSet("raw");
  for (const DecoderOption& option : kDecoderOptions) {
    if (commandLine.isSet(option.name)) options.decoder = option.topic;
  }
  const auto bytesMax = commandLine.number("max-bytes", INT64_MAX, 1, INT64_MAX);
  if (!bytesMax) return std::nullopt;
  options.bytesMax = static_cast<uint64_t>(*bytesMax);
  return options;
}

}  // namespace

int inspectCommand(const QStringList& arguments) {
  CommandLine commandLine("inspect",
                          "Shows what is in the files of a data directory, Kafka's or Streamscope's, without changing "
                          "them. Records of\ninternal topics are decoded. The exit code is 1 when a file is damaged, "
                          "ends early (torn) or does not fit another.");
  declareOptions(commandLine);
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  const auto options = readOptions(commandLine);
  if (!options) return kWrongUsage;
  const QFileInfo path(commandLine.argument("PATH"));
  if (!path.exists()) return complain("There is no file or directory '" + commandLine.argument("PATH") + "'.");

  const bool isDirectory = path.isDir();
  storage::PosixStorage storage(pathOf(isDirectory ? path.absoluteFilePath() : path.absolutePath()));
  const auto files = log::filesIn(storage, isDirectory ? std::filesystem::path() : pathOf(path.fileName()));
  if (!files && !isDirectory) return complain("'" + commandLine.argument("PATH") + "' is no file of a log directory.");
  if (!files) return complain(QString::fromStdString(files.error().message));
  if (files->empty()) return complain("'" + commandLine.argument("PATH") + "' holds no file of a log directory.");

  std::unique_ptr<InspectionForm> form;
  if (commandLine.isSet("json"))
    form = std::make_unique<JsonInspection>(*options, stdout);
  else
    form = std::make_unique<TextInspection>(*options, stdout);
  Inspection inspection(storage, *form, *options);
  if (const auto shown = inspection.show(*files, isDirectory); !shown)
    return complain(QString::fromStdString(shown.error().message));
  return inspection.foundProblems() ? kFailureFound : kSuccess;
}

}  // namespace streamscope::app
