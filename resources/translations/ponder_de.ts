<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AnswerRun</name>
    <message>
        <source>%1 wrote this, and %2 has other tokens: load the first to go on, or ask again.</source>
        <translation>Das hat %1 geschrieben, und %2 hat andere Token: Laden Sie das erste Modell, um fortzufahren, oder fragen Sie noch einmal.</translation>
    </message>
    <message>
        <source>the engine could not go on: ask again</source>
        <translation>die Engine konnte nicht weitermachen: fragen Sie noch einmal</translation>
    </message>
    <message>
        <source> Everything up to here is kept, and the engine is started again.</source>
        <translation> Alles bis hierher ist gespeichert, und die Engine wird neu gestartet.</translation>
    </message>
</context>
<context>
    <name>AnswersPage</name>
    <message>
        <source>Of the next answer on. The values to begin with are those that DeepSeek recommends for R1.</source>
        <translation>Gilt ab der nächsten Antwort. Vorgegeben sind die Werte, die DeepSeek für R1 empfiehlt.</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token.</source>
        <translation>0 nimmt immer das wahrscheinlichste Token.</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>The likeliest tokens that make up this share; 1 takes all.</source>
        <translation>Die wahrscheinlichsten Token, die zusammen diesen Anteil ausmachen; 1 nimmt alle.</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>At most so many tokens; 0 sets no limit.</source>
        <translation>Höchstens so viele Token; 0 setzt keine Grenze.</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Leaves out what is less likely than this share of the likeliest.</source>
        <translation>Lässt weg, was unwahrscheinlicher ist als dieser Anteil des wahrscheinlichsten.</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>Strafe für Wiederholungen</translation>
    </message>
    <message>
        <source>1 is none.</source>
        <translation>1 ist keine.</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>Längste Antwort</translation>
    </message>
    <message>
        <source>In tokens, the thought included.</source>
        <translation>In Token, die Gedanken eingeschlossen.</translation>
    </message>
    <message>
        <source>Fixed seed</source>
        <translation>Fester Startwert</translation>
    </message>
    <message>
        <source>The same model, question and settings then give the same answer.</source>
        <translation>Gleiches Modell, gleiche Frage und gleiche Einstellungen geben dann die gleiche Antwort.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>As recommended</source>
        <translation>Wie empfohlen</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Black on white or white on black, with outlines in place of tints.</source>
        <translation>Schwarz auf Weiß oder Weiß auf Schwarz, mit Umrissen statt Tönungen.</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Everything grows with it.</source>
        <translation>Alles andere wächst mit.</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>Weniger Bewegung</translation>
    </message>
    <message>
        <source>Nothing fades, slides or breathes.</source>
        <translation>Nichts blendet, gleitet oder pulsiert.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Follow an answer to its end</source>
        <translation>Einer Antwort bis zum Ende folgen</translation>
    </message>
    <message>
        <source>Scrolling up stops that until you are at the end again.</source>
        <translation>Wer nach oben blättert, bleibt dort, bis er wieder am Ende ist.</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>The file of the conversations is damaged</source>
        <translation>Die Datei der Unterhaltungen ist beschädigt</translation>
    </message>
    <message>
        <source>Restore the copy of %1</source>
        <translation>Kopie vom %1 wiederherstellen</translation>
    </message>
    <message>
        <source>The copy is restored</source>
        <translation>Die Kopie ist wiederhergestellt</translation>
    </message>
    <message>
        <source>The damaged file is kept beside it, in %1.</source>
        <translation>Die beschädigte Datei liegt daneben, in %1.</translation>
    </message>
    <message>
        <source>A damaged file is deleted, too</source>
        <translation>Auch eine beschädigte Datei ist gelöscht</translation>
    </message>
    <message numerus="yes">
        <source>%n damaged file(s) of the conversations, kept aside when a copy was restored, could not be cleared of what you deleted for good, and are removed for it.</source>
        <translation>
            <numerusform>%n beschädigte Datei der Unterhaltungen, die beim Wiederherstellen beiseitegelegt wurde, ließ sich nicht von dem befreien, was Sie endgültig gelöscht haben, und ist deshalb entfernt.</numerusform>
            <numerusform>%n beschädigte Dateien der Unterhaltungen, die beim Wiederherstellen beiseitegelegt wurden, ließen sich nicht von dem befreien, was Sie endgültig gelöscht haben, und sind deshalb entfernt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Restore the copy</source>
        <translation>Kopie wiederherstellen</translation>
    </message>
</context>
<context>
    <name>BlockMargin</name>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>zu tun</translation>
    </message>
</context>
<context>
    <name>ChatController</name>
    <message>
        <source>It is started again.</source>
        <translation>Sie wird neu gestartet.</translation>
    </message>
    <message>
        <source>The disk is nearly full</source>
        <translation>Der Datenträger ist fast voll</translation>
    </message>
    <message>
        <source>%1 are left where your conversations are. Questions and finished answers are still kept, an answer in progress no longer each second. Make room.</source>
        <translation>Dort, wo Ihre Unterhaltungen liegen, sind noch %1 frei. Fragen und fertige Antworten werden weiter gespeichert, eine laufende Antwort nicht mehr jede Sekunde. Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>Kein Modell ist geladen</translation>
    </message>
    <message>
        <source>Drop a .gguf file on the window, or choose one.</source>
        <translation>Ziehen Sie eine .gguf-Datei auf das Fenster oder wählen Sie eine.</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
    <message>
        <source>This answer cannot go on</source>
        <translation>Diese Antwort lässt sich nicht fortsetzen</translation>
    </message>
    <message>
        <source>It was read from a file that has its words and not its tokens. Ask again instead.</source>
        <translation>Sie stammt aus einer Datei, die ihre Wörter enthält, nicht ihre Token. Fragen Sie stattdessen noch einmal.</translation>
    </message>
    <message>
        <source>Temporary conversation</source>
        <translation>Temporäre Unterhaltung</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message>
        <source>Sent when the answer is done  ·  Esc stops it and keeps your words</source>
        <translation>Wird gesendet, wenn die Antwort fertig ist  ·  Esc hält an und behält Ihren Text</translation>
    </message>
    <message>
        <source>Esc stops  ·  Ctrl T shuts the thought</source>
        <translation>Esc hält an  ·  Strg T klappt die Gedanken zu</translation>
    </message>
    <message>
        <source>Esc stops loading</source>
        <translation>Esc bricht das Laden ab</translation>
    </message>
    <message>
        <source>Enter sends  ·  Shift Enter breaks the line</source>
        <translation>Eingabe sendet  ·  Umschalt Eingabe bricht die Zeile um</translation>
    </message>
    <message>
        <source>The model begins to answer</source>
        <translation>Das Modell beginnt zu antworten</translation>
    </message>
    <message>
        <source>The answer was stopped</source>
        <translation>Die Antwort wurde angehalten</translation>
    </message>
    <message>
        <source>The answer is there</source>
        <translation>Die Antwort ist da</translation>
    </message>
    <message>
        <source>Esc stops  ·  Ctrl Enter answers now</source>
        <translation>Esc hält an  ·  Strg Eingabe antwortet jetzt</translation>
    </message>
</context>
<context>
    <name>CodeRow</name>
    <message>
        <source>Code in %1</source>
        <translation>Code in %1</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>Do not wrap long lines</source>
        <translation>Lange Zeilen nicht umbrechen</translation>
    </message>
    <message>
        <source>Wrap long lines</source>
        <translation>Lange Zeilen umbrechen</translation>
    </message>
    <message>
        <source>Save as a file</source>
        <translation>Als Datei speichern</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>CodeText</name>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Search and commands</source>
        <translation>Suche und Befehle</translation>
    </message>
    <message>
        <source>Search conversations, thoughts and commands</source>
        <translation>Unterhaltungen, Gedanken und Befehle suchen</translation>
    </message>
    <message>
        <source>searching</source>
        <translation>sucht</translation>
    </message>
    <message numerus="yes">
        <source>%n hit(s)</source>
        <translation>
            <numerusform>%n Treffer</numerusform>
            <numerusform>%n Treffer</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>Nichts heißt so.</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>wählen</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>open at the place</source>
        <translation>an der Stelle öffnen</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>filter: in:thought, in:answer</source>
        <translation>Filter: in:thought, in:answer</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>close</source>
        <translation>schließen</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
    <message>
        <source>Questions and answers</source>
        <translation>Fragen und Antworten</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Search and commands</source>
        <translation>Suche und Befehle</translation>
    </message>
    <message>
        <source>Find in this conversation</source>
        <translation>In dieser Unterhaltung suchen</translation>
    </message>
    <message>
        <source>Rename the conversation</source>
        <translation>Unterhaltung umbenennen</translation>
    </message>
    <message>
        <source>Pin or unpin the conversation</source>
        <translation>Unterhaltung anheften oder lösen</translation>
    </message>
    <message>
        <source>Move the conversation to the trash</source>
        <translation>Unterhaltung in den Papierkorb legen</translation>
    </message>
    <message>
        <source>Show the trash</source>
        <translation>Papierkorb zeigen</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>Unterhaltung exportieren</translation>
    </message>
    <message>
        <source>Import conversations</source>
        <translation>Unterhaltungen importieren</translation>
    </message>
    <message>
        <source>Send the question</source>
        <translation>Frage senden</translation>
    </message>
    <message>
        <source>Break the line</source>
        <translation>Zeile umbrechen</translation>
    </message>
    <message>
        <source>Stop answering or loading</source>
        <translation>Antwort oder Laden anhalten</translation>
    </message>
    <message>
        <source>Edit the last question</source>
        <translation>Letzte Frage bearbeiten</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Noch einmal antworten</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>Antwort fortsetzen</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>Vorige Fassung</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Nächste Fassung</translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation>Letzte Antwort kopieren</translation>
    </message>
    <message>
        <source>Copy the last thought</source>
        <translation>Letzte Gedanken kopieren</translation>
    </message>
    <message>
        <source>Copy the last code</source>
        <translation>Letzten Code kopieren</translation>
    </message>
    <message>
        <source>Open or shut the last thought</source>
        <translation>Letzte Gedanken auf- oder zuklappen</translation>
    </message>
    <message>
        <source>Open or shut all thoughts</source>
        <translation>Alle Gedanken auf- oder zuklappen</translation>
    </message>
    <message>
        <source>Previous question</source>
        <translation>Vorige Frage</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>Nächste Frage</translation>
    </message>
    <message>
        <source>Statistics of the last answer</source>
        <translation>Statistik der letzten Antwort</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Show or hide the sidebar</source>
        <translation>Seitenleiste zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Größere Schrift</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Kleinere Schrift</translation>
    </message>
    <message>
        <source>Text at 100 %</source>
        <translation>Schrift auf 100 %</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>New temporary conversation</source>
        <translation>Neu und temporär</translation>
    </message>
    <message>
        <source>Cut the thought short and answer now</source>
        <translation>Gedanken abkürzen und jetzt antworten</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>The text has %1 characters and a question holds %2: paste a part of it.</source>
        <translation>Der Text hat %1 Zeichen, und eine Frage fasst %2: Fügen Sie einen Teil davon ein.</translation>
    </message>
    <message>
        <source>Write ahead: it is sent when the answer is done</source>
        <translation>Schreiben Sie weiter: Es wird gesendet, wenn die Antwort fertig ist</translation>
    </message>
    <message>
        <source>Ask: it starts as soon as the model is loaded</source>
        <translation>Fragen Sie: Es geht los, sobald das Modell geladen ist</translation>
    </message>
    <message>
        <source>Open a model, then ask</source>
        <translation>Öffnen Sie ein Modell, dann fragen Sie</translation>
    </message>
    <message>
        <source>Ask, or press Up to edit your last question</source>
        <translation>Fragen Sie, oder bearbeiten Sie mit Pfeil hoch die letzte Frage</translation>
    </message>
    <message>
        <source>Ask %1</source>
        <translation>%1 fragen</translation>
    </message>
    <message>
        <source>Your question</source>
        <translation>Ihre Frage</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Think freely</source>
        <translation>Frei nachdenken</translation>
    </message>
    <message>
        <source>Answer at once</source>
        <translation>Sofort antworten</translation>
    </message>
    <message>
        <source>Context used: %1 tokens</source>
        <translation>Kontext belegt: %1 Token</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Stop  Esc</source>
        <translation>Anhalten  Esc</translation>
    </message>
    <message>
        <source>Send  Enter</source>
        <translation>Senden  Eingabe</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
</context>
<context>
    <name>ConversationListModel</name>
    <message>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Früher</translation>
    </message>
</context>
<context>
    <name>ConversationMenu</name>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>In den Papierkorb</translation>
    </message>
</context>
<context>
    <name>ConversationRow</name>
    <message>
        <source>%1, being answered</source>
        <translation>%1, wird beantwortet</translation>
    </message>
    <message>
        <source>%1, pinned</source>
        <translation>%1, angeheftet</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Where everything is kept</source>
        <translation>Wo alles liegt</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Conversations, drafts and settings stay on this computer. Nothing is sent anywhere.</source>
        <translation>Unterhaltungen, Entwürfe und Einstellungen bleiben auf diesem Rechner. Nichts wird irgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>Made before the file changes its form; the last five are kept.</source>
        <translation>Vor jeder Änderung am Aufbau der Datei angelegt; die letzten fünf bleiben.</translation>
    </message>
    <message>
        <source>There is none yet. One is made before the file changes its form.</source>
        <translation>Noch gibt es keine. Eine entsteht, bevor sich der Aufbau der Datei ändert.</translation>
    </message>
    <message>
        <source>Take this copy in place of the file? The file is kept beside it.</source>
        <translation>Diese Kopie anstelle der Datei verwenden? Die Datei bleibt daneben liegen.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
</context>
<context>
    <name>DropTarget</name>
    <message>
        <source>Let go to open it</source>
        <translation>Loslassen, um sie zu öffnen</translation>
    </message>
    <message>
        <source>Drop a .gguf file here</source>
        <translation>.gguf-Datei hierher ziehen</translation>
    </message>
    <message>
        <source>Any part of a split model will do. It stays where it is: nothing is copied.</source>
        <translation>Von einem geteilten Modell genügt irgendein Teil. Es bleibt, wo es ist: Nichts wird kopiert.</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>ExportSheet</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>Was zu sehen ist</translation>
    </message>
    <message>
        <source>this branch, from the first question on</source>
        <translation>dieser Zweig, von der ersten Frage an</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>every version of every answer</source>
        <translation>jede Fassung jeder Antwort</translation>
    </message>
    <message>
        <source>This answer</source>
        <translation>Diese Antwort</translation>
    </message>
    <message>
        <source>The last answer</source>
        <translation>Die letzte Antwort</translation>
    </message>
    <message>
        <source>with its question</source>
        <translation>mit ihrer Frage</translation>
    </message>
    <message>
        <source>With thoughts</source>
        <translation>Mit Gedanken</translation>
    </message>
    <message>
        <source>without them the file is not complete</source>
        <translation>ohne sie ist die Datei nicht vollständig</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>This file is there and will be replaced.</source>
        <translation>Diese Datei gibt es schon; sie wird ersetzt.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreibt</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message>
        <source>A file is being written: try again when it is there.</source>
        <translation>Eine Datei wird gerade geschrieben: versuchen Sie es danach noch einmal.</translation>
    </message>
    <message>
        <source>There is nothing to export yet: ask something first.</source>
        <translation>Noch gibt es nichts zu exportieren: Fragen Sie zuerst etwas.</translation>
    </message>
    <message>
        <source>%1 is not on this computer: choose a folder that is.</source>
        <translation>%1 liegt nicht auf diesem Rechner: wählen Sie einen Ordner, der es tut.</translation>
    </message>
    <message>
        <source>%1 is not on this computer: choose a file that is.</source>
        <translation>%1 liegt nicht auf diesem Rechner: wählen Sie eine Datei, die es tut.</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this conversation</source>
        <translation>In dieser Unterhaltung suchen</translation>
    </message>
    <message>
        <source>Find in questions, thoughts and answers</source>
        <translation>In Fragen, Gedanken und Antworten suchen</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>nicht gefunden</translation>
    </message>
    <message>
        <source>The hit before</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>The hit before  Shift F3</source>
        <translation>Voriger Treffer  Umschalt F3</translation>
    </message>
    <message>
        <source>The next hit</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>The next hit  F3</source>
        <translation>Nächster Treffer  F3</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close  Esc</source>
        <translation>Schließen  Esc</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Ask something that takes thinking</source>
        <translation>Fragen Sie etwas, das Nachdenken braucht</translation>
    </message>
    <message>
        <source>%1 is loaded. What you write and what it answers stay on this computer.</source>
        <translation>%1 ist geladen. Was Sie schreiben und was es antwortet, bleibt auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Ponder runs DeepSeek-R1 models on this computer. Open one, and see how it thinks.</source>
        <translation>Ponder führt DeepSeek-R1-Modelle auf diesem Rechner aus. Öffnen Sie eines und sehen Sie ihm beim Denken zu.</translation>
    </message>
    <message>
        <source>Compare decimals</source>
        <translation>Zahlen vergleichen</translation>
    </message>
    <message>
        <source>Which is larger, 9.11 or 9.9?</source>
        <translation>Was ist größer, 9,11 oder 9,9?</translation>
    </message>
    <message>
        <source>Count letters</source>
        <translation>Buchstaben zählen</translation>
    </message>
    <message>
        <source>How many r are in strawberry?</source>
        <translation>Wie viele r sind in Erdbeere?</translation>
    </message>
    <message>
        <source>Used before</source>
        <translation>Zuletzt verwendet</translation>
    </message>
    <message>
        <source>%1 is loaded, the small model in the box: it calculates, counts and compares. For everything else drop a DeepSeek-R1 model here.</source>
        <translation>%1 ist geladen, das kleine mitgelieferte Modell: Es rechnet, zählt und vergleicht. Für alles andere legen Sie ein DeepSeek-R1-Modell hier ab.</translation>
    </message>
    <message>
        <source>Calculate</source>
        <translation>Rechnen</translation>
    </message>
    <message>
        <source>What is 4837 + 962?</source>
        <translation>Was ist 4837 + 962?</translation>
    </message>
</context>
<context>
    <name>FooterRow</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy the answer</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Noch einmal antworten</translation>
    </message>
    <message>
        <source>More to do with this answer</source>
        <translation>Mehr zu dieser Antwort</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Statistics: %1</source>
        <translation>Statistik: %1</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 Tok/s</translation>
    </message>
</context>
<context>
    <name>FormulaRow</name>
    <message>
        <source>Formula: %1</source>
        <translation>Formel: %1</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import conversations</source>
        <translation>Unterhaltungen importieren</translation>
    </message>
    <message>
        <source>Conversations of Ponder (*.json)</source>
        <translation>Unterhaltungen von Ponder (*.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>KeysSheet</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>Open this address in the browser?</source>
        <translation>Diese Adresse im Browser öffnen?</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>LoadCard</name>
    <message>
        <source>Loading %1</source>
        <translation>%1 wird geladen</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>Wird abgebrochen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Checking the header</source>
        <translation>Kopf der Datei wird geprüft</translation>
    </message>
    <message>
        <source>Header and tensors</source>
        <translation>Kopf und Tensoren</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Reading weights</source>
        <translation>Gewichte werden gelesen</translation>
    </message>
    <message>
        <source>Preparing kernels</source>
        <translation>Rechenkerne werden vorbereitet</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>%1 on the GPU, %2 beside it</source>
        <translation>%1 auf der GPU, %2 daneben</translation>
    </message>
    <message>
        <source>%1 on the GPU</source>
        <translation>%1 auf der GPU</translation>
    </message>
</context>
<context>
    <name>LoadStage</name>
    <message>
        <source>%1, done</source>
        <translation>%1, erledigt</translation>
    </message>
    <message>
        <source>%1, now</source>
        <translation>%1, läuft</translation>
    </message>
</context>
<context>
    <name>MachineLine</name>
    <message>
        <source>The engine is not running</source>
        <translation>Die Engine läuft nicht</translation>
    </message>
    <message>
        <source>Looking for a device</source>
        <translation>Ein Gerät wird gesucht</translation>
    </message>
    <message>
        <source>Memory held: %1</source>
        <translation>Belegter Speicher: %1</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>%1 · Ponder</source>
        <translation>%1 · Ponder</translation>
    </message>
    <message>
        <source>Ponder</source>
        <translation>Ponder</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>Geschrieben nach %1</translation>
    </message>
    <message>
        <source>“%1” is in the trash</source>
        <translation>„%1“ liegt im Papierkorb</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>The conversation is imported</source>
        <translation>Die Unterhaltung ist importiert</translation>
    </message>
    <message>
        <source>The temporary conversation is gone</source>
        <translation>Die temporäre Unterhaltung ist fort</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>%1 percent</source>
        <translation>%1 Prozent</translation>
    </message>
</context>
<context>
    <name>ModelLoader</name>
    <message>
        <source>Start the engine again</source>
        <translation>Engine neu starten</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>Wird abgebrochen</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Nearly done</source>
        <translation>Fast fertig</translation>
    </message>
    <message>
        <source>About %1 left</source>
        <translation>Noch etwa %1</translation>
    </message>
    <message>
        <source>%1, %2 free</source>
        <translation>%1, davon %2 frei</translation>
    </message>
    <message>
        <source>has room for up to %1, %2</source>
        <translation>Platz bis zu %1, %2</translation>
    </message>
    <message>
        <source>%1 of %2 GiB</source>
        <translation>%1 von %2 GiB</translation>
    </message>
    <message>
        <source>That is not a model</source>
        <translation>Das ist kein Modell</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>the model of the last time is no longer at %1: open it from where it is now</source>
        <translation>das Modell vom letzten Mal ist nicht mehr unter %1: öffnen Sie es dort, wo es jetzt ist</translation>
    </message>
    <message>
        <source>No file dialog is installed</source>
        <translation>Kein Dateidialog ist installiert</translation>
    </message>
    <message>
        <source>Drop the .gguf file on the window, or install the package qml6-module-qt-labs-folderlistmodel.</source>
        <translation>Ziehen Sie die .gguf-Datei auf das Fenster oder installieren Sie das Paket qml6-module-qt-labs-folderlistmodel.</translation>
    </message>
    <message>
        <source>“%1” is a folder: drop the file in it that ends in .gguf</source>
        <translation>„%1“ ist ein Ordner: Ziehen Sie die Datei darin herein, die auf .gguf endet</translation>
    </message>
    <message>
        <source>“%1” is not a GGUF file on this computer: drop a file that ends in .gguf</source>
        <translation>„%1“ ist keine GGUF-Datei auf diesem Rechner: Ziehen Sie eine Datei herein, die auf .gguf endet</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
</context>
<context>
    <name>ModelPage</name>
    <message>
        <source>The best there is</source>
        <translation>Das beste vorhandene</translation>
    </message>
    <message>
        <source>From the next model on that is loaded.</source>
        <translation>Gilt ab dem nächsten Modell, das geladen wird.</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>How much of a conversation the model sees. Automatic: at most 32,768 tokens, and what fits.</source>
        <translation>Wie viel einer Unterhaltung das Modell sieht. Automatisch: höchstens 32.768 Token und was hineinpasst.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Show the plan before loading</source>
        <translation>Plan vor dem Laden zeigen</translation>
    </message>
    <message>
        <source>When it does not fit the GPU wholly</source>
        <translation>Wenn es nicht ganz auf die GPU passt</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Cache</translation>
    </message>
    <message>
        <source>8 bits: about half the memory, or 1.9 times the context. Answers change slightly. On the GPU only, and not for every model.</source>
        <translation>8 Bit: etwa halb so viel Speicher oder der 1,9-fache Kontext. Antworten ändern sich leicht. Nur auf der GPU und nicht bei jedem Modell.</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 Bit</translation>
    </message>
</context>
<context>
    <name>NoticeCard</name>
    <message>
        <source>Dismiss</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>NumberBox</name>
    <message>
        <source>%1</source>
        <comment>a number</comment>
        <translation>%1</translation>
    </message>
</context>
<context>
    <name>OpenDialog</name>
    <message>
        <source>Where is %1 now?</source>
        <translation>Wo ist %1 jetzt?</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>Modelle (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>OverflowMenu</name>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Pin or unpin</source>
        <translation>Anheften oder lösen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>Papierkorb</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>New temporary conversation</source>
        <translation>Neu und temporär</translation>
    </message>
</context>
<context>
    <name>PaletteList</name>
    <message>
        <source>Hits and commands</source>
        <translation>Treffer und Befehle</translation>
    </message>
</context>
<context>
    <name>PaletteModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>Gedanken</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Questions</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Search thoughts only</source>
        <translation>Nur Gedanken durchsuchen</translation>
    </message>
    <message>
        <source>Ask this in a new conversation</source>
        <translation>Das in einer neuen Unterhaltung fragen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
</context>
<context>
    <name>PartRow</name>
    <message>
        <source>The end of the thought</source>
        <translation>Das Ende der Gedanken</translation>
    </message>
</context>
<context>
    <name>PlanBar</name>
    <message>
        <source>The line is where the memory ends.</source>
        <translation>Am Strich endet der Speicher.</translation>
    </message>
</context>
<context>
    <name>PlanSheet</name>
    <message>
        <source>Does not fit</source>
        <translation>Passt nicht</translation>
    </message>
    <message>
        <source>Fits wholly on the GPU</source>
        <translation>Passt ganz auf die GPU</translation>
    </message>
    <message>
        <source>Fits, with a part in the memory of the computer</source>
        <translation>Passt, ein Teil liegt im Arbeitsspeicher</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>GPU-Speicher</translation>
    </message>
    <message>
        <source>%1 weights</source>
        <translation>%1 Gewichte</translation>
    </message>
    <message>
        <source>%1 cache</source>
        <translation>%1 Cache</translation>
    </message>
    <message>
        <source>%1 scratch</source>
        <translation>%1 Zwischenspeicher</translation>
    </message>
    <message>
        <source>Memory of the computer</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>computed by the processor, which is slower</source>
        <translation>vom Prozessor berechnet, also langsamer</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>Nothing is copied: the file stays in %1</source>
        <translation>Nichts wird kopiert: Die Datei bleibt in %1</translation>
    </message>
    <message>
        <source>Nothing is copied.</source>
        <translation>Nichts wird kopiert.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Cache</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 Bit</translation>
    </message>
    <message>
        <source>8 bits cannot be had for this model on this device with this context.</source>
        <translation>Mit diesem Modell, Gerät und Kontext sind 8 Bit nicht möglich.</translation>
    </message>
</context>
<context>
    <name>QuestionEdit</name>
    <message>
        <source>Your question, rewritten</source>
        <translation>Ihre Frage, neu geschrieben</translation>
    </message>
    <message>
        <source>The old question and its answers are kept</source>
        <translation>Die alte Frage und ihre Antworten bleiben erhalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
</context>
<context>
    <name>QuestionRow</name>
    <message>
        <source>You asked</source>
        <translation>Ihre Frage</translation>
    </message>
    <message>
        <source>Show more of %1 characters</source>
        <translation>Mehr von %1 Zeichen zeigen</translation>
    </message>
    <message>
        <source>Edit the question</source>
        <translation>Frage bearbeiten</translation>
    </message>
    <message>
        <source>Copy the question</source>
        <translation>Frage kopieren</translation>
    </message>
</context>
<context>
    <name>RecentModel</name>
    <message>
        <source>%1, file missing, locate it</source>
        <translation>%1, Datei fehlt, suchen</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>Suchen …</translation>
    </message>
    <message>
        <source>Take it off the list</source>
        <translation>Von der Liste nehmen</translation>
    </message>
</context>
<context>
    <name>RowMenu</name>
    <message>
        <source>Copy the chosen words</source>
        <translation>Auswahl kopieren</translation>
    </message>
    <message>
        <source>Copy the question</source>
        <translation>Frage kopieren</translation>
    </message>
    <message>
        <source>Edit the question</source>
        <translation>Frage bearbeiten</translation>
    </message>
    <message>
        <source>Copy the answer</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <source>Copy the thought</source>
        <translation>Gedanken kopieren</translation>
    </message>
    <message>
        <source>Copy both</source>
        <translation>Beides kopieren</translation>
    </message>
    <message>
        <source>Show the whole thought</source>
        <translation>Alle Gedanken zeigen</translation>
    </message>
    <message>
        <source>Show its end only</source>
        <translation>Nur das Ende zeigen</translation>
    </message>
    <message>
        <source>Shut the thought</source>
        <translation>Gedanken zuklappen</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Noch einmal antworten</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Export this answer…</source>
        <translation>Diese Antwort exportieren …</translation>
    </message>
</context>
<context>
    <name>RuleRow</name>
    <message>
        <source>Rule</source>
        <translation>Trennlinie</translation>
    </message>
</context>
<context>
    <name>SaveCode</name>
    <message>
        <source>Save the code</source>
        <translation>Code speichern</translation>
    </message>
    <message>
        <source>Code (*.%1)</source>
        <translation>Code (*.%1)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>SettingsSheet</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close  Esc</source>
        <translation>Schließen  Esc</translation>
    </message>
</context>
<context>
    <name>SiblingSwitch</name>
    <message>
        <source>Version %1 of %2</source>
        <translation>Fassung %1 von %2</translation>
    </message>
    <message>
        <source>The version before</source>
        <translation>Vorige Fassung</translation>
    </message>
    <message>
        <source>The version before  Alt Left</source>
        <translation>Vorige Fassung  Alt Links</translation>
    </message>
    <message>
        <source>The version after</source>
        <translation>Nächste Fassung</translation>
    </message>
    <message>
        <source>The version after  Alt Right</source>
        <translation>Nächste Fassung  Alt Rechts</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Ponder</source>
        <translation>Ponder</translation>
    </message>
    <message>
        <source>Hide the sidebar</source>
        <translation>Seitenleiste verbergen</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>No conversations yet</source>
        <translation>Noch keine Unterhaltungen</translation>
    </message>
    <message>
        <source>They appear here as you write. They are kept on this computer only, in one file.</source>
        <translation>Sie erscheinen hier, sobald Sie schreiben. Sie liegen nur auf diesem Rechner, in einer Datei.</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>Papierkorb</translation>
    </message>
</context>
<context>
    <name>StatisticsPanel</name>
    <message>
        <source>Statistics of the answer</source>
        <translation>Statistik der Antwort</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close  Esc</source>
        <translation>Schließen  Esc</translation>
    </message>
    <message>
        <source>Nothing was measured of it.</source>
        <translation>Davon wurde nichts gemessen.</translation>
    </message>
</context>
<context>
    <name>StoreThread</name>
    <message>
        <source> is damaged, too: choose another copy</source>
        <translation> ist ebenfalls beschädigt: wählen Sie eine andere Kopie</translation>
    </message>
    <message>
        <source>the database of the conversations is damaged</source>
        <translation>die Datenbank der Unterhaltungen ist beschädigt</translation>
    </message>
    <message>
        <source>the database of the conversations is damaged (%1)</source>
        <translation>die Datenbank der Unterhaltungen ist beschädigt (%1)</translation>
    </message>
</context>
<context>
    <name>TableRow</name>
    <message>
        <source>Table with %1 columns</source>
        <translation>Tabelle mit %1 Spalten</translation>
    </message>
</context>
<context>
    <name>ThoughtRow</name>
    <message>
        <source>shut</source>
        <translation>zugeklappt</translation>
    </message>
    <message>
        <source>its end is shown</source>
        <translation>das Ende ist zu sehen</translation>
    </message>
    <message>
        <source>open</source>
        <translation>aufgeklappt</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 Schritte</translation>
    </message>
    <message>
        <source>%1 steps, one backtrack</source>
        <translation>%1 Schritte, eine Umkehr</translation>
    </message>
    <message>
        <source>%1 steps, %2 backtracks</source>
        <translation>%1 Schritte, %2 Umkehrungen</translation>
    </message>
    <message>
        <source>Show the end only</source>
        <translation>Nur das Ende zeigen</translation>
    </message>
    <message>
        <source>Shut the thought</source>
        <translation>Gedanken zuklappen</translation>
    </message>
    <message>
        <source>Show the whole thought</source>
        <translation>Alle Gedanken zeigen</translation>
    </message>
    <message>
        <source>Answer now</source>
        <translation>Jetzt antworten</translation>
    </message>
    <message>
        <source>Ends the thought, and the answer begins</source>
        <translation>Beendet den Gedanken, und die Antwort beginnt</translation>
    </message>
    <message>
        <source>Answer now  Ctrl Enter</source>
        <translation>Jetzt antworten  Strg Eingabe</translation>
    </message>
</context>
<context>
    <name>ThoughtTail</name>
    <message>
        <source>The end of the thought</source>
        <translation>Das Ende der Gedanken</translation>
    </message>
</context>
<context>
    <name>TitleField</name>
    <message>
        <source>Title of the conversation</source>
        <translation>Titel der Unterhaltung</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Show the sidebar</source>
        <translation>Seitenleiste zeigen</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message numerus="yes">
        <source>%n question(s)</source>
        <translation>
            <numerusform>%n Frage</numerusform>
            <numerusform>%n Fragen</numerusform>
        </translation>
    </message>
    <message>
        <source>Find in this conversation</source>
        <translation>In dieser Unterhaltung suchen</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>Unterhaltung exportieren</translation>
    </message>
    <message>
        <source>Statistics of the last answer</source>
        <translation>Statistik der letzten Antwort</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Nothing of it is kept, and it is gone when you leave it</source>
        <translation>Nichts davon wird gespeichert, und sie ist fort, wenn Sie sie verlassen</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Jump to latest</source>
        <translation>Zum Ende springen</translation>
    </message>
</context>
<context>
    <name>TrashSheet</name>
    <message>
        <source>Trash</source>
        <translation>Papierkorb</translation>
    </message>
    <message>
        <source>Conversations stay here for 30 days, then they are gone for good.</source>
        <translation>Unterhaltungen bleiben 30 Tage hier, danach sind sie endgültig gelöscht.</translation>
    </message>
    <message>
        <source>Nothing of it can be brought back.</source>
        <translation>Nichts davon lässt sich zurückholen.</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>Gelöscht: %1</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Nothing is in the trash.</source>
        <translation>Der Papierkorb ist leer.</translation>
    </message>
</context>
<context>
    <name>ponder::app</name>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>Ponder was ended while this was written, and the text is kept</source>
        <translation>Ponder wurde beendet, während das geschrieben wurde; der Text ist gespeichert</translation>
    </message>
    <message>
        <source>The answer was interrupted</source>
        <translation>Die Antwort wurde unterbrochen</translation>
    </message>
    <message>
        <source>the context is full, so the answer ends here: begin a new conversation, or load the model with a larger context</source>
        <translation>der Kontext ist voll, deshalb endet die Antwort hier: beginnen Sie eine neue Unterhaltung oder laden Sie das Modell mit größerem Kontext</translation>
    </message>
    <message>
        <source>Planning</source>
        <translation>Plant</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>Rechnet</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Prüft</translation>
    </message>
    <message>
        <source>Backtracking</source>
        <translation>Kehrt um</translation>
    </message>
    <message>
        <source>Concluding</source>
        <translation>Folgert</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Denkt nach</translation>
    </message>
    <message>
        <source>Starts as soon as the model is loaded</source>
        <translation>Beginnt, sobald das Modell geladen ist</translation>
    </message>
    <message>
        <source>Reading %1 tokens</source>
        <translation>Liest %1 Token</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Thought for a moment, then stopped</source>
        <translation>Kurz nachgedacht, dann angehalten</translation>
    </message>
    <message>
        <source>Thought for %1, then stopped</source>
        <translation>%1 nachgedacht, dann angehalten</translation>
    </message>
    <message>
        <source>Thought for a moment, interrupted</source>
        <translation>Kurz nachgedacht, unterbrochen</translation>
    </message>
    <message>
        <source>Thought for %1, interrupted</source>
        <translation>%1 nachgedacht, unterbrochen</translation>
    </message>
    <message>
        <source>Thought for a moment</source>
        <translation>Kurz nachgedacht</translation>
    </message>
    <message>
        <source>Thought for %1</source>
        <translation>%1 nachgedacht</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 Schritte</translation>
    </message>
    <message>
        <source>first %1</source>
        <translation>erstes %1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Quantisation</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Tokens read</source>
        <translation>Gelesene Token</translation>
    </message>
    <message>
        <source>of them from the cache</source>
        <translation>davon aus dem Cache</translation>
    </message>
    <message>
        <source>Tokens of the thought</source>
        <translation>Token der Gedanken</translation>
    </message>
    <message>
        <source>Tokens of the answer</source>
        <translation>Token der Antwort</translation>
    </message>
    <message>
        <source>Context used</source>
        <translation>Belegter Kontext</translation>
    </message>
    <message>
        <source>Reading took</source>
        <translation>Dauer des Lesens</translation>
    </message>
    <message>
        <source>Thinking took</source>
        <translation>Dauer des Nachdenkens</translation>
    </message>
    <message>
        <source>Answering took</source>
        <translation>Dauer der Antwort</translation>
    </message>
    <message>
        <source>Reading rate</source>
        <translation>Leserate</translation>
    </message>
    <message>
        <source>Writing rate</source>
        <translation>Schreibrate</translation>
    </message>
    <message>
        <source>Experts on the device</source>
        <translation>Experten auf dem Gerät</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Min p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Choose another file</source>
        <translation>Andere Datei wählen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>Antwort fortsetzen</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Start the engine again</source>
        <translation>Engine neu starten</translation>
    </message>
    <message>
        <source>Restore the copy</source>
        <translation>Kopie wiederherstellen</translation>
    </message>
    <message>
        <source>The request was refused</source>
        <translation>Die Anfrage wurde abgelehnt</translation>
    </message>
    <message>
        <source>The file is not there</source>
        <translation>Die Datei ist nicht da</translation>
    </message>
    <message>
        <source>The file could not be read</source>
        <translation>Die Datei konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>The file is damaged</source>
        <translation>Die Datei ist beschädigt</translation>
    </message>
    <message>
        <source>This model is of another family</source>
        <translation>Dieses Modell gehört zu einer anderen Familie</translation>
    </message>
    <message>
        <source>This quantisation is not known</source>
        <translation>Diese Quantisierung ist unbekannt</translation>
    </message>
    <message>
        <source>A part of the model is missing</source>
        <translation>Ein Teil des Modells fehlt</translation>
    </message>
    <message>
        <source>No graphics device was found</source>
        <translation>Kein Grafikgerät wurde gefunden</translation>
    </message>
    <message>
        <source>The graphics device cannot run this</source>
        <translation>Das Grafikgerät kann das nicht ausführen</translation>
    </message>
    <message>
        <source>The model is too large for this device</source>
        <translation>Das Modell ist zu groß für dieses Gerät</translation>
    </message>
    <message>
        <source>The graphics memory ran out</source>
        <translation>Der Grafikspeicher ist ausgegangen</translation>
    </message>
    <message>
        <source>The memory of the computer ran out</source>
        <translation>Der Arbeitsspeicher ist ausgegangen</translation>
    </message>
    <message>
        <source>The graphics device was lost</source>
        <translation>Das Grafikgerät ist ausgefallen</translation>
    </message>
    <message>
        <source>The conversation is longer than the context</source>
        <translation>Die Unterhaltung ist länger als der Kontext</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>The engine stopped</source>
        <translation>Die Engine wurde beendet</translation>
    </message>
    <message>
        <source>The engine was not understood</source>
        <translation>Die Engine wurde nicht verstanden</translation>
    </message>
    <message>
        <source>Conversations are not being saved</source>
        <translation>Unterhaltungen werden nicht gespeichert</translation>
    </message>
    <message>
        <source>Something went wrong inside of Ponder</source>
        <translation>In Ponder ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>to read and to edit</source>
        <translation>zum Lesen und Bearbeiten</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Webseite</translation>
    </message>
    <message>
        <source>to show to others, in one file</source>
        <translation>zum Zeigen, in einer Datei</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>to print</source>
        <translation>zum Drucken</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>to keep: everything, and back again</source>
        <translation>zum Aufbewahren: alles, und wieder zurück</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>Reiner Text</translation>
    </message>
    <message>
        <source>only the words</source>
        <translation>nur die Wörter</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>%1, version %2 of %3</source>
        <translation>%1, Fassung %2 von %3</translation>
    </message>
    <message>
        <source>%1, %2 tokens</source>
        <translation>%1, %2 Token</translation>
    </message>
    <message>
        <source>Another version, after “%1”</source>
        <translation>Eine andere Fassung, nach „%1“</translation>
    </message>
    <message>
        <source>Another version, from the beginning</source>
        <translation>Eine andere Fassung, von Anfang an</translation>
    </message>
    <message>
        <source>Stopped here.</source>
        <translation>Hier angehalten.</translation>
    </message>
    <message>
        <source>The context was full here.</source>
        <translation>Hier war der Kontext voll.</translation>
    </message>
    <message>
        <source>As long as an answer may be.</source>
        <translation>So lang, wie eine Antwort sein darf.</translation>
    </message>
    <message>
        <source>Interrupted here.</source>
        <translation>Hier unterbrochen.</translation>
    </message>
    <message>
        <source>The answer is as long as one may be</source>
        <translation>Die Antwort ist so lang, wie sie sein darf</translation>
    </message>
    <message>
        <source>It has as many tokens as are allowed at once, and can go on.</source>
        <translation>Sie hat so viele Token, wie auf einmal erlaubt sind, und lässt sich fortsetzen.</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 Token</translation>
    </message>
    <message>
        <source>Thought for a moment, cut short</source>
        <translation>Kurz nachgedacht, abgekürzt</translation>
    </message>
    <message>
        <source>Thought for %1, cut short</source>
        <translation>%1 nachgedacht, abgekürzt</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Cache</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 Bit</translation>
    </message>
</context>
</TS>
