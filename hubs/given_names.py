"""Common given names of this country, over three generations: by them a text seems to name somebody, whoever is on record.

They are anybody's. What the record knows of people is never asked: the answer would tell whoever types who is in it. Names that
are also plain words (Grace, Mark, May) are left out; in the middle of a sentence their capital tells.
"""

NAMES = """
aaliyah aaron abbie abdul abi abigail adam adele adrian agnes agnieszka ahmed aidan aisha alan albert aleksander alex
alexander alexandra alfie alfred ali alice alison amanda amelia amina amir amy andrea andrew angela anita ann anna
anne annie anthony antony archie arjun arthur ashley ashton asif audrey ava ayesha barbara barry beatrice becky ben
benjamin bernard bethany betty beverley brandon brenda brian bryan caitlin callum cameron carl carol caroline
catherine charlene charles charlie charlotte chelsea cheryl chloe chris christina christine christopher claire clare
clive colin connor courtney craig dan daniel danielle danny darren david dawid dean debbie deborah declan denise
dennis derek diana diane dmitri donald donna doris dorothy dylan edith edward eileen elaine eleanor elizabeth ella
ellie ellis elsie emily emma eric erin ethan eva evelyn evie fatima felix fiona florence frances francis freddie freya
gareth gary gavin gemma geoffrey george georgia georgina gerald gillian glenn gordon graham gregory gwen hamza hannah
harriet harrison harry harvey hassan hayley hazel heather helen henry holly howard hussain ian ibrahim imogen irene
isaac isabel isabella isla ismail jackie jackson jacob jacqueline jade jake james jamie jan jane janet janice jasmine
jason jayden jean jeffrey jenna jennifer jenny jessica jill jo joan joanna joanne joe joel john jonathan jordan joseph
josh joshua joyce juan jude judith julia julian julie kai karen kate katherine kathleen kathryn katie kay kayden
kayleigh keisha keith kelly ken kenneth kerry kevin khadija kieran kim kimberley kirsty krzysztof kyle laura lauren
lawrence layla leah leanne lee leon leroy lesley lewis liam lily linda lisa logan lorraine louis louise luca lucas
lucy luke lydia lynn maisie malcolm margaret maria mariam marie marilyn marion marjorie martin mary maryam mason
matilda matt matthew maureen maya meg megan melanie melissa mia michael michelle mike mohamed mohammad mohammed molly
monica morgan muhammad naomi natalie natasha nathan neil niamh nicholas nick nicola nicole nigel noah noor nora norman
olga oliver olivia omar oscar owen paige pamela patricia patrick paul paula pauline pete peter phil philip phoebe
phyllis piotr priya rachel ralph raymond rebecca reece rhys richard rita roger ron ronald rosemary rosie ross roy ruth
ryan sally sam samantha samir samuel sandra sara sarah scarlett scott sean sebastian shannon sharon sheila shirley
simon sofia sonia sophia sophie stacey stella stephanie stephen steve steven stewart stuart susan suzanne sylvia
tamara tanya tara ted teresa terry thea theo theresa thomas timothy tina toby tom tommy tony tracey tracy trevor tyler
tyrone valerie vanessa vera veronica victor victoria vincent wayne wendy william winifred yasmin yusuf yvonne zac
zachary zainab zara zoe
"""
GIVEN = frozenset(NAMES.split())
