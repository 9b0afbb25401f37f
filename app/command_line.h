#pragma once

#include <QString>
#include <QStringList>
#include <map>
#include <optional>
#include <vector>

namespace streamscope::app {

/// What the program's exit code says.
enum ExitCode : int {
  kSuccess = 0,
  /// The run found a failure.
  kFailureFound = 1,
  /// Wrong usage or input: a flag, a file, a port.
  kWrongUsage = 2,
};

/// Says one sentence on standard error, "streamscope: ...", and gives the exit code back.
int complain(const QString& sentence, ExitCode code = kWrongUsage);

/// Writes a line to standard output at once, so that a reading program sees it.
void say(const QString& line);

/// The arguments of one subcommand: declared once, from which both the parsing and --help come.
class CommandLine {
 public:
  /// `name` empty: the program itself.
  CommandLine(QString name, QString description);

  /// "--name VALUE"; without a value name it is a switch.
  void addOption(const QString& name, const QString& valueName, const QString& description);
  /// In the order they are expected; optional ones last.
  void addArgument(const QString& name, const QString& description, bool isRequired);

  /// True when the subcommand goes on; otherwise `exitCode` says how it ended: help was given or something was wrong.
  bool parse(const QStringList& arguments);
  ExitCode exitCode() const { return m_exitCode; }

  bool isSet(const QString& option) const { return m_values.contains(option); }
  /// Empty when not given.
  QString value(const QString& option) const;
  /// Empty when not given.
  QString argument(const QString& name) const;
  /// The value as a whole number; none, after a complaint, when it is none within the bounds.
  std::optional<qint64> number(const QString& option, qint64 fallback, qint64 min, qint64 max) const;

 private:
  struct Option {
    QString name, valueName, description;
  };
  struct Argument {
    QString name, description;
    bool isRequired = false;
  };
  QString helpText() const;
  bool refuse(const QString& sentence);

  const QString m_name, m_description;
  std::vector<Option> m_options;
  std::vector<Argument> m_arguments;
  std::map<QString, QString> m_values;
  std::map<QString, QString> m_given;
  ExitCode m_exitCode = kSuccess;
};

}  // namespace streamscope::app
