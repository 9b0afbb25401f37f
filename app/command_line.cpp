#include "command_line.h"

#include <QCommandLineParser>
#include <QTextStream>
#include <cstdio>

namespace streamscope::app {
namespace {

void writeLine(std::FILE* stream, const QString& line) {
  const QByteArray text = line.toLocal8Bit() + '\n';
  std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stream);
  std::fflush(stream);
}

}  // namespace

int complain(const QString& sentence, ExitCode code) {
  writeLine(stderr, "streamscope: " + sentence);
  return code;
}

void say(const QString& line) {
  writeLine(stdout, line);
}

CommandLine::CommandLine(QString name, QString description)
    : m_name(std::move(name)), m_description(std::move(description)) {}

void CommandLine::addOption(const QString& name, const QString& valueName, const QString& description) {
  m_options.push_back({name, valueName, description});
}

void CommandLine::addArgument(const QString& name, const QString& description, bool isRequired) {
  m_arguments.push_back({name, description, isRequired});
}

bool CommandLine::refuse(const QString& sentence) {
  const QString command = m_name.isEmpty() ? "streamscope" : "streamscope " + m_name;
  complain(sentence + " See " + command + " --help.");
  m_exitCode = kWrongUsage;
  return false;
}

bool CommandLine::parse(const QStringList& arguments) {
  QCommandLineParser parser;
  parser.addOption({{"h", "help"}, QString()});
  for (const Option& option : m_options) {
    // Qt calls a one-letter name a short option.
    parser.addOption(option.valueName.isEmpty() ? QCommandLineOption(option.name)
                                                : QCommandLineOption(option.name, QString(), option.valueName));
  }
  const bool understood = parser.parse(QStringList("streamscope") + arguments);
  if (parser.isSet("help")) {
    say(helpText());
    return false;
  }
  if (!understood) return refuse(parser.errorText());
  for (const Option& option : m_options) {
    if (parser.isSet(option.name)) m_values[option.name] = parser.value(option.name);
  }
  const QStringList given = parser.positionalArguments();
  for (qsizetype i = 0; i < given.size(); ++i) {
    if (i >= static_cast<qsizetype>(m_arguments.size())) return refuse("'" + given[i] + "' is one argument too many.");
    m_given[m_arguments[static_cast<size_t>(i)].name] = given[i];
  }
  for (const Argument& argument : m_arguments) {
    if (argument.isRequired && !m_given.contains(argument.name)) return refuse(argument.name + " is missing.");
  }
  return true;
}

QString CommandLine::value(const QString& option) const {
  const auto found = m_values.find(option);
  return found == m_values.end() ? QString() : found->second;
}

QString CommandLine::argument(const QString& name) const {
  const auto found = m_given.find(name);
  return found == m_given.end() ? QString() : found->second;
}

std::optional<qint64> CommandLine::number(const QString& option, qint64 fallback, qint64 min, qint64 max) const {
  if (!isSet(option)) return fallback;
  bool isNumber = false;
  const qint64 number = value(option).toLongLong(&isNumber);
  if (isNumber && number >= min && number <= max) return number;
  complain(
      QString("--%1 takes a whole number from %2 to %3, not '%4'.").arg(option).arg(min).arg(max).arg(value(option)));
  return std::nullopt;
}

QString CommandLine::helpText() const {
  QString usage = m_name.isEmpty() ? "streamscope" : "streamscope " + m_name;
  std::vector<std::pair<QString, QString>> rows;
  for (const Argument& argument : m_arguments) {
    usage += argument.isRequired ? " " + argument.name : " [" + argument.name + "]";
    rows.emplace_back(argument.name, argument.description);
  }
  for (const Option& option : m_options) {
    const QString dashes = option.name.size() == 1 ? "-" : "--";
    const QString form = dashes + option.name + (option.valueName.isEmpty() ? "" : " " + option.valueName);
    usage += " [" + form + "]";
    rows.emplace_back(form, option.description);
  }
  rows.emplace_back("--help", "this text");
  qsizetype width = 0;
  for (const auto& [form, text] : rows) width = std::max(width, form.size());
  QString help = "Usage: " + usage + "\n\n" + m_description + "\n";
  for (const auto& [form, text] : rows) help += "\n  " + form.leftJustified(width + 2) + text;
  return help;
}

}  // namespace streamscope::app
