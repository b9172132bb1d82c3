using System.CommandLine;
using Sahulat.Host;
using Sahulat.Host.Verbs;

var root = new RootCommand("Sahulat: public services answered in time.")
{
    ServeVerb.Command(),
    MigrateVerb.Command(),
    LoadVerb.Command(),
    DemoVerb.Command(),
    BenchVerb.Command(),
    MessagesVerb.Command(),
    KeysVerb.Command(),
    SweepVerb.Command(),
    PackVerb.Command(),
    VerifyVerb.Verify(),
    VerifyVerb.Export(),
};
return await Terminal.Run(root, args);
