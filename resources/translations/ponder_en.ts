<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Application</name>
    <message numerus="yes">
        <source>%n damaged file(s) of the conversations, kept aside when a copy was restored, could not be cleared of what you deleted for good, and are removed for it.</source>
        <translation>
            <numerusform>%n damaged file of the conversations, kept aside when a copy was restored, could not be cleared of what you deleted for good, and is removed for it.</numerusform>
            <numerusform>%n damaged files of the conversations, kept aside when a copy was restored, could not be cleared of what you deleted for good, and are removed for it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CodeRow</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message numerus="yes">
        <source>%n hit(s)</source>
        <translation>
            <numerusform>%n hit</numerusform>
            <numerusform>%n hits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message numerus="yes">
        <source>%n question(s)</source>
        <translation>
            <numerusform>%n question</numerusform>
            <numerusform>%n questions</numerusform>
        </translation>
    </message>
</context>
</TS>
